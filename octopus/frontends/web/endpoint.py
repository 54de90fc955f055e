"""An endpoint as data: the route, the token rule and the OpenAPI document come from one table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the query of an address, or a header."""

    name: str
    summary: str
    type: str = "string"
    required: bool = False
    where: str = "query"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address."""

    method: str
    path: str
    run: Callable[[Request], Awaitable[Response]]
    summary: str
    parameters: Sequence[Parameter] = ()
    body: Mapping[str, Any] = field(default_factory=dict)  # JSON schema; empty for no body
    gives: Sequence[str] = ("application/json",)
    open: bool = False  # answers without a token

    def route(self) -> Route:
        """For the router."""
        route = Route(self.path, self.run, methods=[self.method])
        if EVENT_STREAM in self.gives and route.methods:
            route.methods.discard("HEAD")  # the head of a stream without end has no end either
        return route

    def document(self) -> dict[str, Any]:
        """For OpenAPI 3.1."""
        found: dict[str, Any] = {
            "summary": self.summary,
            "responses": {
                "200": {"description": "Done", "content": {media: {} for media in self.gives}},
                "default": {
                    "description": "A mistake, or a failure",
                    "content": {"application/json": {"schema": {"$ref": _MISTAKE}}},
                },
            },
        }
        if self.parameters:
            found["parameters"] = [
                {
                    "name": parameter.name,
                    "in": parameter.where,
                    "required": parameter.required,
                    "description": parameter.summary,
                    "schema": {"type": parameter.type},
                }
                for parameter in self.parameters
            ]
        if self.body:
            content = {"application/json": {"schema": dict(self.body)}}
            found["requestBody"] = {"required": True, "content": content}
        if self.open:
            found["security"] = []
        return found


_MISTAKE = "#/components/schemas/Mistake"


def openapi(endpoints: Sequence[Endpoint], version: str) -> dict[str, Any]:
    """The description of all endpoints, as OpenAPI 3.1 has it."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = endpoint.document()
    text = {"type": "string"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Octopus", "version": version},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Mistake": {
                    "type": "object",
                    "required": ["error", "message"],
                    "properties": {"error": text, "message": text},
                }
            },
        },
    }
