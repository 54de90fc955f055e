"""``python -m tests.readme``: writes what is generated in the README."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

from octopus import handlers
from octopus.core.handler import Skill, collect
from octopus.core.policy import Capability

README = Path(__file__).parent.parent / "README.md"

#: Words for what a skill may do.
MAY = {
    Capability.PURE: "nothing but answer",
    Capability.READ: "read notes",
    Capability.FETCH: "read what others wrote",
    Capability.ADD: "add to the vault",
    Capability.CHANGE: "change the vault",
    Capability.SEND: "tell others",
    Capability.DANGER: "what cannot be taken back",
}
_BLOCK = re.compile(r"(<!-- skills: .*? -->\n).*?(<!-- /skills -->)", re.DOTALL)


def skills() -> dict[str, Skill]:
    """Every skill by its intent."""
    names = sorted(module.name for module in pkgutil.iter_modules(handlers.__path__))
    return collect(importlib.import_module(f"{handlers.__name__}.{name}") for name in names)


def table() -> str:
    """The skills as a Markdown table: those with a command first, each by name."""
    rows = ["| Skill | Command | What it does | It may |", "|---|---|---|---|"]
    ordered = sorted(skills().values(), key=lambda skill: (not skill.command, skill.intent))
    for skill in ordered:
        command = f"`/{skill.command}`" if skill.command else ""
        may = MAY[skill.capability]
        rows.append(f"| `{skill.intent}` | {command} | {skill.summary.rstrip('.')} | {may} |")
    return "\n".join(rows) + "\n"


def updated(text: str) -> str:
    """The README with its generated part as it has to be."""
    return _BLOCK.sub(lambda found: f"{found[1]}{table()}{found[2]}", text)


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
