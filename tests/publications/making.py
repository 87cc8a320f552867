"""Signed contracts and the awards that publish them, side by side."""

from datetime import date
from pathlib import Path
from typing import Any

from dentelle.foundations.directory.models import NameSource, Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.models import Contract
from dentelle.thread.publications.looking import Looked, look
from dentelle.thread.territory.queries import store
from tests.contracts import making as contracts
from tests.factories import NOW
from tests.purchases.conftest import key
from tests.serving_frames import purchase

BUYER = "21350238800019"
COMPANY = "55208131766522"
TODAY = NOW.date()
NOTIFIED = date(2026, 8, 3)  # late on 21 November 2026
KEY = key(1)


def establishment(siret: str, name: str) -> Organisation:
    """An organisation known by its SIRET; the same one each time."""
    found = Organisation.objects.filter(siret=siret).first()
    return found or Organisation.objects.create(
        siret=siret,
        siren=siret[:9],
        name=name,
        sort_name=name.casefold(),
        name_source=NameSource.TYPED,
        created_at=NOW,
        updated_at=NOW,
    )


def signed(actor: Membership, clause_type: str = "EXECUTION_CONDITION", **known: Any) -> Contract:
    """A notified contract of a town, held by a company."""
    content = {
        "number": "2026-031",
        "title": "Réfection du groupe scolaire Jules-Ferry",
        "amount_cents": 12_000_000,
        "notified_on": NOTIFIED,
        "buyer": establishment(BUYER, "Commune de Rennes"),
        **known,
    }
    made = contracts.contract(actor, **content)
    counted = clause_type not in ("AWARD_CRITERION", "RESERVED_ESS", "RESERVED_PRISON")
    contracts.obligation(actor, made, 833 if counted else 0, clause_type=clause_type)
    company = establishment(COMPANY, "Bâtisseurs réunis")
    actions.add_holder(actor, made.pk, company, expected_revision=made.revision, at=NOW)
    made.refresh_from_db()
    return actions.move_contract(actor, made.pk, "notify", expected_revision=made.revision, at=NOW)


def award(contract_key: str = KEY, **known: Any) -> dict[str, Any]:
    """The award that publishes ``signed``."""
    on = known.pop("on", NOTIFIED)
    values = {
        "number": "2026-031",
        "object": "Réfection du groupe scolaire Jules-Ferry",
        "buyer_id": BUYER,
        "buyer_siren": BUYER[:9],
        "notified_on": on,
        "effective_on": on,
        "amount_cents": 12_000_000,
        "holder_id": COMPANY,
        "holder_name": "Bâtisseurs réunis",
        "social_status": "considered",
        "social_clause": True,
        "social_criterion": False,
        "reserved": False,
        **known,
    }
    return purchase(contract_key, **values)


def holder(contract_key: str = KEY, siret: str = COMPANY) -> dict[str, Any]:
    return {
        "contract_key": contract_key,
        "rank": 1,
        "holder_id": siret,
        "holder_id_kind": "SIRET",
        "holder_id_valid": True,
        "holder_siren": siret[:9],
        "holder_name": "Bâtisseurs réunis",
        "current": True,
    }


def loaded(
    data: Any,
    *rows: dict[str, Any],
    holders: list[dict[str, Any]] | None = None,
    until: date = TODAY,
) -> Path:
    """The site reads these awards; each is held by the company unless told otherwise. The data reach ``until``."""
    held = [holder(row["contract_key"]) for row in rows] if holders is None else holders
    return data(*rows, last_of_data(until), holders=held)


def last_of_data(until: date = TODAY) -> dict[str, Any]:
    """An award that has to do with nobody here, published on the last day the data know of."""
    return purchase(key(99), published_on=until)


def looked() -> Looked:
    return look(Contract.objects.all(), store(), at=NOW)
