"""The programs that act for the fictional structures: one that reads, one that was put out of service."""

from datetime import datetime

from dentelle.foundations.organisations.models import Membership, Role
from dentelle.foundations.tokens.access import tokens_visible_to
from dentelle.foundations.tokens.actions import create_token, revoke_token

READING = ("operations:read", "contracts:read", "obligations:read")
WRITING = ("organisations:read", "organisations:write", "contracts:read", "contracts:write")


def create_demo_tokens(managers: list[Membership], *, at: datetime) -> bool:
    """Give each structure its tokens, once; nobody keeps their secrets, so that they open nothing."""
    made = False
    for manager in managers:
        if manager.role != Role.MANAGER or tokens_visible_to(manager).exists():
            continue
        create_token(manager, name="Tableau de bord de l’agglomération", scopes=READING, days=365, at=at)
        former, _ = create_token(manager, name="Ancien logiciel de suivi", scopes=WRITING, days=90, at=at)
        revoke_token(manager, former.pk, at=at)
        made = True
    return made
