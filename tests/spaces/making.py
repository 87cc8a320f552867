"""People outside, their contracts and what is shared with them, made the way people make them."""

import html
import re
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dentelle.foundations.directory.models import Organisation, Seat
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.access import contract_seen_by, party_of
from dentelle.thread.contracts.actions.exchange import add_exchange
from dentelle.thread.contracts.actions.links import send_to_company
from dentelle.thread.contracts.actions.plan import PlanContent, proposed_months, set_plan
from dentelle.thread.contracts.models import Contract, Exchange, InsertionPlan
from dentelle.thread.contracts.party import Party
from tests.contracts import making
from tests.factories import NOW, UserFactory

TAG = re.compile(r"</?(?:strong|time|a|span)\b[^>]*>")
SITE = "https://testserver/"
ADDRESS = "chantier@entreprise.example"


def seat(organisation: Organisation, role: str, **known: Any) -> Seat:
    return Seat.objects.create(user=UserFactory(**known), organisation=organisation, role=role, opened_at=NOW)


def buyer(contract: Contract) -> Seat:
    """Somebody of the buyer of a contract."""
    assert contract.buyer is not None
    return seat(contract.buyer, "buyer")


def company(number: int = 1, role: str = "company") -> Seat:
    """Somebody of one of several companies."""
    return seat(making.company(number), role)


def on(of: Seat, contract: Contract) -> Party:
    """How a seat stands on a contract."""
    return party_of(of, contract_seen_by(of, contract.pk))


def shared(actor: Membership, contract: Contract, sharing: str, text: str = "Compte rendu", **known: Any) -> Exchange:
    """An exchange with its readers, and a file when ``file`` gives its name."""
    name = known.pop("file", "")
    known = {"kind": "meeting", "happened_on": date(2026, 11, 1), **known}
    attachment = SimpleUploadedFile(name, f"pièce de {text}".encode()) if name else None
    made = add_exchange(
        actor,
        contract.pk,
        text=text,
        sharing=sharing,
        attachment=attachment,
        expected_revision=contract.revision,
        at=NOW,
        **known,
    )
    contract.refresh_from_db()
    return made


def plan(actor: Membership, contract: Contract, *, confirmed: bool = False) -> InsertionPlan:
    """The plan of the first holder, at the pace proposed."""
    holder = contract.holders.order_by("pk")[0]
    content = PlanContent(
        date(2026, 9, 20), "Agnès Besson", months=proposed_months(contract, holder), confirmed=confirmed
    )
    made = set_plan(actor, contract.pk, holder.pk, content, expected_revision=contract.revision, at=NOW)
    contract.refresh_from_db()
    return made


def link(actor: Membership, contract: Contract, number: int = 1) -> MagicLink:
    """A link sent to a company of the contract, today."""
    return send_to_company(
        actor,
        contract.pk,
        making.company(number).pk,
        email=ADDRESS,
        days=60,
        site=SITE,
        expected_revision=contract.revision,
        at=timezone.now(),
    )


def short_of_hours(actor: Membership, hours: int = 100, done: int = 60, **penalty: Any) -> Contract:
    """A contract closed with less than it owed; 45 € for each hour not done, unless told otherwise."""
    contract = making.contract(
        actor, notified_on=date(2025, 9, 1), starts_on=date(2025, 10, 1), ends_on=date(2026, 9, 30)
    )
    terms = {"penalty_mode": "EUR_PER_HOUR", "penalty_value": 45, **penalty}
    making.obligation(actor, contract, hours, **terms)
    making.holder(actor, contract)
    for code in ("notify", "start"):
        contract = actions.move_contract(actor, contract.pk, code, expected_revision=contract.revision, at=NOW)
    total = actions.ClosingTotal(
        {LeverCounts.INSERTION_HOURS: done * 60}, "Bilan du titulaire", NOW.date() - timedelta(days=5)
    )
    return actions.move_contract(
        actor,
        contract.pk,
        "close_partial",
        reason="Recrutements tardifs",
        total=total,
        expected_revision=contract.revision,
        at=NOW,
    )


def text(response: Any) -> str:
    """The page as it reads: ordinary spaces, no entities, without the marks inside sentences."""
    page = html.unescape(TAG.sub("", response.content.decode())).replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(r"\s+", " ", page)


def raw(response: Any) -> str:
    """The page as it was written, with ordinary spaces."""
    return str(response.content.decode()).replace("\u202f", " ").replace("\xa0", " ")
