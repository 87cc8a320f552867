"""Agreements for tests, made through the acts people use."""

from datetime import date
from typing import Any

from dentelle.demo.buyers import siret
from dentelle.foundations.directory.models import NameSource, Organisation, Seat, SeatRole
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Structure
from dentelle.network.agreements.actions import commitments, moves, writing
from dentelle.network.agreements.actions.commitments import IndicatorContent
from dentelle.network.agreements.actions.writing import AgreementContent
from dentelle.network.agreements.models import Agreement, Commitment, Indicator, Signatory
from dentelle.opendata.text import fold
from tests.factories import NOW, NetworkSeatFactory, UserFactory

TODAY = NOW.date()
AUTHOR_SIREN, PARTNER_SIREN = "00000010", "00000020"


def organisation(siren8: str, name: str = "Organisation d’essai") -> Organisation:
    """An organisation by the eight first digits of its number, the same each time."""
    number = siret(siren8, 1)
    known = {"siren": number[:9], "sort_name": fold(name), "name": name, "name_source": NameSource.TYPED}
    made, _ = Organisation.objects.get_or_create(siret=number, defaults={**known, "created_at": NOW, "updated_at": NOW})
    return made


def partner() -> Organisation:
    return organisation(PARTNER_SIREN, "Service public de l’emploi d’essai")


def partner_seat(of: Organisation | None = None) -> Seat:
    """Somebody of the public employment service."""
    return Seat.objects.create(user=UserFactory(), organisation=of or partner(), role=SeatRole.PARTNER, opened_at=NOW)


def lock(agreement: Agreement, **known: Any) -> dict[str, Any]:
    """The revision of an agreement as it is now, and when the act is done."""
    agreement.refresh_from_db()
    return {"expected_revision": agreement.revision, "at": NOW, **known}


def draft(actor: Membership | NetworkSeat, **known: Any) -> Agreement:
    """A draft: a framework by the head, a local agreement by a member."""
    local = isinstance(actor, Membership)
    known = {
        "title": "Convention locale d’essai" if local else "Convention-cadre d’essai",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2028, 12, 31),
        **known,
    }
    return writing.create_agreement(actor, AgreementContent(**known), at=NOW)


def with_parties(actor: Membership | NetworkSeat, agreement: Agreement, of: Organisation | None = None) -> Agreement:
    """Two parties, the partner a public body, and those who sign."""
    own = organisation(AUTHOR_SIREN, "Structure signataire d’essai")
    if isinstance(actor, Membership):
        Structure.objects.filter(pk=actor.structure_id, siret="").update(siret=own.siret)
    for each, side, is_public in ((own, "author", False), (of or partner(), "partner", True)):
        party = writing.add_party(actor, agreement.pk, each, side=side, is_public=is_public, **lock(agreement))
        for rank in range(party.signatories_needed):
            writing.add_signatory(
                actor, agreement.pk, party.pk, full_name=f"Signataire {rank}", function="direction", **lock(agreement)
            )
    return agreement


def complete(actor: Membership | NetworkSeat, agreement: Agreement, of: Organisation | None = None) -> Agreement:
    """All that a proposal needs."""
    with_parties(actor, agreement, of)
    writing.add_article(actor, agreement.pk, title="Coopérer", text="Les parties coopèrent.", **lock(agreement))
    return agreement


def commitment(actor: Membership | NetworkSeat, agreement: Agreement, **known: Any) -> Commitment:
    """A commitment under the first article of a draft."""
    known = {
        "text": "Orienter ensemble",
        "own_lead": "coordination",
        "partner_lead": "direction de l’agence",
        "theme": "mobility",
        "due_on": None,
        **known,
    }
    article = agreement.articles.first()
    assert article
    return commitments.add_commitment(actor, agreement.pk, article.pk, **known, **lock(agreement))


def indicator(actor: Membership | NetworkSeat, of: Commitment, **known: Any) -> Indicator:
    """An indicator of a commitment, read each quarter by its author."""
    given = {
        "name": "Personnes orientées",
        "definition": "Personnes orientées dans la période",
        "source": "tableau de suivi",
        "unit": "people",
        "frequency": "quarterly",
        "owed_by": "own",
        **known,
    }
    return commitments.add_indicator(actor, of.agreement_id, of.pk, IndicatorContent(**given), **lock(of.agreement))


def move(actor: Any, agreement: Agreement, code: str, **known: Any) -> Agreement:
    return moves.move_agreement(actor, agreement.pk, code, **known, **lock(agreement))


def proposed(actor: Membership | NetworkSeat, agreement: Agreement, of: Organisation | None = None) -> Agreement:
    return move(actor, complete(actor, agreement, of), "propose")


def sign(actor: Membership | NetworkSeat, agreement: Agreement, on: date = TODAY) -> Agreement:
    """Every signature given on a day, then the agreement noted as signed."""
    for each in Signatory.objects.filter(party__agreement=agreement, signed_on=None):
        moves.sign_for(actor, agreement.pk, each.pk, on=on, **lock(agreement))
    return move(actor, agreement, "sign")


def head_of(member: Membership) -> NetworkSeat:
    return NetworkSeatFactory(network=member.structure.network)


def framework(head: NetworkSeat, first: date = date(2026, 1, 1), last: date = date(2028, 12, 31)) -> Agreement:
    """A signed framework, in force between two days, signed on the first."""
    agreement = proposed(head, draft(head, starts_on=first, ends_on=last))
    return sign(head, agreement, min(first, TODAY))


def local(member: Membership, *, under: Agreement | None = None, signed: bool = True, **known: Any) -> Agreement:
    """A local agreement with a commitment; a framework in force is made when none is given."""
    under = under or framework(head_of(member))
    agreement = complete(member, draft(member, framework=under, **known))
    commitment(member, agreement)
    move(member, agreement, "propose")
    return sign(member, agreement) if signed else agreement
