"""The only way to tokens: those of the structure for its managers, and the one whose secret a program sends."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.invitations.tokens import fingerprint
from dentelle.foundations.organisations.access import MANAGERS, may_manage
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.tokens.models import ApiToken
from dentelle.foundations.tokens.scopes import role_allows

__all__ = ["MANAGERS", "Bearer", "bearer_of", "token_of", "tokens_visible_to"]
LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program that showed a living token: it acts as ``membership``, within the token's scopes."""

    token: ApiToken
    membership: Membership

    def may(self, scope: str) -> bool:
        """Say whether the token has the scope and its maker, in today's role, may do that."""
        return scope in self.token.scopes and role_allows(scope, self.membership.role)


def tokens_visible_to(membership: Membership) -> QuerySet[ApiToken]:
    """Return the tokens of the structure, to those who manage it."""
    tokens = ApiToken.objects.filter(structure=membership.structure_id)
    return tokens if may_manage(membership) else tokens.none()


def token_of(membership: Membership, pk: int) -> ApiToken:
    """Return a token of the structure its manager may act on, or 404."""
    found = tokens_visible_to(membership).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def bearer_of(secret: str, *, at: datetime) -> Bearer | None:
    """Return who bears a secret; None when it is unknown, revoked or too old, or when its maker or its structure has gone.

    A structure closed then approved again starts without the tokens it had: only those made since its approval live.
    """
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    token = (
        ApiToken.objects.select_related("membership__user", "membership__structure")
        .filter(token_hash=fingerprint(secret))
        .first()
    )
    if token is None or dead_because(token, at=at):
        return None
    return Bearer(token, token.membership) if token.membership else None


def dead_because(token: ApiToken, *, at: datetime) -> str:
    """Return why a token opens nothing any more, in French; empty when it lives."""
    membership = token.membership
    if token.revoked_at:
        return "révoqué"
    if token.expires_at <= at:
        return "expiré"
    if membership is None or not membership.user.is_active:
        return "sans effet\u00a0: la personne qui l’a créé n’est plus dans la structure"
    structure = membership.structure
    if not structure.is_approved or structure.approved_at is None or token.created_at < structure.approved_at:
        return "sans effet\u00a0: la structure a été fermée depuis"
    return ""
