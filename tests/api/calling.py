"""A program that calls the API, as a test sees it."""

import json
from typing import Any

from django.test import Client

from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.tokens.actions import create_token
from dentelle.foundations.tokens.models import ApiToken
from dentelle.foundations.tokens.scopes import known_scopes
from tests.factories import NOW

EVERYTHING = tuple(scope.code for scope in known_scopes())


class Program:
    """Holds one token, or none; ``get`` and ``post`` return Django's answer."""

    def __init__(self, secret: str = "", token: ApiToken | None = None) -> None:
        self.token = token
        self.secret = secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=_headers(headers))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("post", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("patch", path, body, **headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(
            method.upper(), f"/api/v1/{path}", data, content_type="application/json", headers=_headers(headers)
        )


def program(manager: Membership, *scopes: str, at=NOW, days: int = 365) -> Program:
    """A program of the manager's structure; without scopes it may do everything."""
    token, secret = create_token(manager, name="Programme d’essai", scopes=scopes or EVERYTHING, days=days, at=at)
    return Program(secret, token)


def _headers(given: dict[str, str]) -> dict[str, str]:
    """``if_match="…"`` is the header If-Match."""
    return {name.replace("_", "-"): value for name, value in given.items()}
