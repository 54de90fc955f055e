"""``python -m octopus`` is the same as ``octopus``."""

from __future__ import annotations

from octopus.cli import main

if __name__ == "__main__":
    main()
