"""What a token may be allowed to do, declared by whoever offers it to programs."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """``code`` is « contracts:read »; ``label`` completes « ce programme peut… »; ``roles`` are those it never goes beyond."""

    code: str
    label: str
    roles: frozenset[str]


_SCOPES: dict[str, Scope] = {}


def register(code: str, label: str, roles: Collection[str]) -> None:
    """Declare a scope: what it lets a program do, in words, and the roles whose holders may do that."""
    _SCOPES[code] = Scope(code, label, frozenset(roles))


def known_scopes() -> tuple[Scope, ...]:
    """Return the scopes, in the order they were declared."""
    return tuple(_SCOPES.values())


def role_allows(code: str, role: str) -> bool:
    """Say whether whoever has this role may do what the scope lets a program do."""
    scope = _SCOPES.get(code)
    return scope is not None and role in scope.roles
