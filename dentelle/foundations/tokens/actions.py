"""Acts on tokens: make, revoke, note that one served. The secret is returned once and never kept."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from dentelle.foundations.invitations.tokens import fingerprint, new_token
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.access import may_manage
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.foundations.tokens.access import token_of
from dentelle.foundations.tokens.models import ApiToken, SentRequest
from dentelle.foundations.tokens.scopes import known_scopes, role_allows

# what makes a leaked secret recognisable, by people and by the scanners of code hosts
PREFIX = "dentelle_"
LIVES = (30, 90, 365)
MOST_TOKENS = 20
REQUESTS_KEPT = timedelta(days=2)


class TokenRefused(Exception):
    """The token cannot be made so; ``code`` is stable, ``field`` names the box to mend, the message is for the manager."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


@transaction.atomic
def create_token(
    manager: Membership, *, name: str, scopes: Collection[str], days: int, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token of the manager's structure; return it with its secret, which nobody can read again."""
    if not may_manage(manager):
        raise TokenRefused("not_manager", "Seule une personne responsable de la structure crée un jeton.")
    name = " ".join(name.split())
    if not name:
        raise TokenRefused("name", "Donnez un nom qui dise quel programme s’en servira.", "name")
    wanted = [scope.code for scope in known_scopes() if scope.code in scopes]
    if not wanted or set(scopes) - set(wanted):
        raise TokenRefused("scopes", "Choisissez au moins un droit de la liste.", "scopes")
    if not all(role_allows(code, manager.role) for code in wanted):
        raise TokenRefused("scopes", "Un jeton ne peut pas faire plus que vous.", "scopes")
    if days not in LIVES:
        raise TokenRefused("days", "Choisissez une durée de la liste.", "days")
    # two managers at once must not pass the limit together
    Structure.objects.select_for_update().get(pk=manager.structure_id)
    living = ApiToken.objects.filter(structure=manager.structure_id, revoked_at=None, expires_at__gt=at)
    if living.count() >= MOST_TOKENS:
        raise TokenRefused(
            "too_many", f"La structure a déjà {MOST_TOKENS} jetons en service\u00a0: révoquez ceux qui ne servent plus."
        )
    secret = PREFIX + new_token()
    token = ApiToken.objects.create(
        structure=manager.structure,
        membership=manager,
        made_by=manager.user,
        name=name[:80],
        scopes=wanted,
        token_hash=fingerprint(secret),
        ending=secret[-4:],
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    record(
        "api_token.created",
        token,
        at=at,
        actor=manager.user,
        structure=manager.structure,
        scopes=wanted,
        expires_on=token.expires_at.date().isoformat(),
    )
    return token, secret


@transaction.atomic
def revoke_token(manager: Membership, pk: int, *, at: datetime) -> bool:
    """End a token at once; False when it was revoked already."""
    token = token_of(manager, pk)
    if not ApiToken.objects.filter(pk=pk, revoked_at=None).update(revoked_at=at):
        return False
    record("api_token.revoked", token, at=at, actor=manager.user, structure=manager.structure)
    return True


def note_use(token: ApiToken, *, on: date) -> None:
    """Remember the day a token last served: one write a day, not an act."""
    unknown = Q(last_used_on=None) | Q(last_used_on__lt=on)
    ApiToken.objects.filter(unknown, pk=token.pk).update(last_used_on=on)


def forget_old_requests(at: datetime) -> int:
    """Forget what was answered to requests sent long ago; return how many."""
    deleted, _ = SentRequest.objects.filter(sent_at__lt=at - REQUESTS_KEPT).delete()
    return deleted
