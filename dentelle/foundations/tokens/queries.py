"""What the page of tokens shows."""

from dataclasses import dataclass
from datetime import date, datetime

from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.tokens.access import dead_because, tokens_visible_to
from dentelle.foundations.tokens.models import ApiToken
from dentelle.foundations.tokens.scopes import known_scopes

PAGE = 200


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as the structure sees it: ``scopes`` in words, ``state`` in words, ``alive`` when it still opens something."""

    pk: int
    name: str
    ending: str
    scopes: tuple[str, ...]
    made_by: str
    created_at: datetime
    expires_at: datetime
    last_used_on: date | None
    state: str
    alive: bool
    revoked: bool


def tokens(membership: Membership, *, at: datetime) -> list[TokenLine]:
    """Return the tokens of the structure, latest first."""
    found = tokens_visible_to(membership).select_related("made_by", "membership__user", "membership__structure")
    return [_line(token, at) for token in found[:PAGE]]


def _line(token: ApiToken, at: datetime) -> TokenLine:
    dead = dead_because(token, at=at)
    return TokenLine(
        pk=token.pk,
        name=token.name,
        ending=token.ending,
        scopes=tuple(scope.label for scope in known_scopes() if scope.code in token.scopes),
        made_by=token.made_by.full_name,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_on=token.last_used_on,
        state=dead or "en service",
        alive=not dead,
        revoked=token.revoked_at is not None,
    )
