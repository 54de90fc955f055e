"""The HTTP front end: messages, search, jobs and events for scripts, metrics for a monitor."""

from octopus.frontends.web.backstage import Backstage
from octopus.frontends.web.listener import Web
from octopus.frontends.web.token import TOKEN_FILE, read_token

__all__ = ["TOKEN_FILE", "Backstage", "Web", "read_token"]
