"""The composition root: build the parts, open them in order, close them in reverse."""

from octopus.app.build import Octopus, owner, searching
from octopus.app.daemon import serve
from octopus.app.examine import examine
from octopus.app.operation import operations

__all__ = ["Octopus", "examine", "operations", "owner", "searching", "serve"]
