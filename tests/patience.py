"""How long a test waits for what has to happen, before it says that it never will."""

from __future__ import annotations

#: Seconds. A guard against hanging and no measure of speed: what is waited for comes within
#: milliseconds, on a machine that is busy with other things within seconds, and a fault never.
PATIENCE = 120.0
