"""What a skill may do, by class; the rules that hold whatever any text or model says."""

from __future__ import annotations

from enum import StrEnum


class Capability(StrEnum):
    """The classes of what skills do, from harmless to dangerous."""

    PURE = "R0"  # time, help
    READ = "R1"  # reads the owner's notes
    FETCH = "R2"  # reads text written by others
    ADD = "W1"  # adds something that can be taken back
    CHANGE = "W2"  # changes or removes what stands
    SEND = "X1"  # tells somebody else
    DANGER = "X2"  # everything that cannot be taken back

    @property
    def writes(self) -> bool:
        """True for what leaves a trace in the vault."""
        return self in {Capability.ADD, Capability.CHANGE}


def allowed(capability: Capability, *, untrusted: bool) -> bool:
    """Whether a skill may run at once on this text.

    Text that others wrote (forwards, documents, web pages) may be kept, and nothing else.
    """
    if capability in {Capability.SEND, Capability.DANGER}:
        return False
    return not untrusted or capability in {Capability.PURE, Capability.READ, Capability.ADD}
