"""What agreements make people wait for: readings owed, readings disputed, agreements that end; for the head, frameworks that end.

A partner is told, by its daily e-mail, of the signatures, the readings and the answers its organisation owes.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.directory.models import Seat
from dentelle.foundations.journal.sentences import prose_day
from dentelle.foundations.organisations.hats import NETWORK_SEAT, SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.agreements.access import agreements_of_party, agreements_visible_to, may_write
from dentelle.network.agreements.following import is_followed
from dentelle.network.agreements.lateness import missing_periods
from dentelle.network.agreements.models import Agreement, AgreementQuerySet, Indicator, PartySide, ReadingAnswer
from dentelle.network.agreements.states import AgreementState
from dentelle.rules.wording import plural

KINDS = {
    "agreement.reading": "Relevé d’une convention",
    "agreement.disputed": "Relevé contesté",
    "agreement.answer": "Relevé du partenaire à confirmer",
    "agreement.ends": "Convention qui prend fin",
}
PARTNER_KINDS = {
    "agreement.sign": "Convention à signer",
    "agreement.owed": "Relevé à donner",
    "agreement.confirm": "Relevé à confirmer",
}
HEAD_KINDS = {"framework.ends": "Convention-cadre qui prend fin"}
NOTICE = timedelta(days=183)  # a renewal takes months: each party has its own deliberations
MOST = 500


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return what the agreements of the member's structure call for; nothing to roles that may not write them."""
    if not may_write(membership):
        return []
    today = timezone.localdate(at)
    own = agreements_visible_to(membership).filter(structure_id=membership.structure_id, state=AgreementState.SIGNED)
    found = _with_renewal(own).prefetch_related("commitments__indicators__readings").order_by("pk")[:MOST]
    return [*(line for each in found for line in _of_readings(each, today)), *_ending(found, "agreement.ends", today)]


def awaits_head(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return the frameworks of the network that end soon or are past their end, and that nothing renews yet."""
    today = timezone.localdate(at)
    own = agreements_visible_to(seat).frameworks().filter(state=AgreementState.SIGNED, is_example=False)
    return list(_ending(_with_renewal(own).order_by("pk")[:MOST], "framework.ends", today))


def awaits_partner(seat: Seat, at: datetime) -> list[Awaiting]:
    """Return what agreements call for from an outside organisation: to sign; and from the partner, to read and to answer."""
    today = timezone.localdate(at)
    going = (AgreementState.PROPOSED, AgreementState.SIGNED)
    found = agreements_of_party(seat).filter(state__in=going, is_example=False)
    parts = ("parties__signatories", "commitments__indicators__readings")
    return [
        line
        for each in found.prefetch_related(*parts).order_by("pk")[:MOST]
        for line in _of_party(each, seat.organisation_id, today)
    ]


def _of_party(agreement: Agreement, organisation: int, today: date) -> Iterator[Awaiting]:
    mine = [party for party in agreement.parties.all() if party.organisation_id == organisation]
    if agreement.state == AgreementState.PROPOSED:
        proposed = timezone.localdate(agreement.state_since)
        unsigned = sum(each.signed_on is None for party in mine for each in party.signatories.all())
        if unsigned:
            why = f"{plural(unsigned, 'signature', 'signatures')} de votre organisation à donner."
            yield _line("agreement.sign", agreement.pk, agreement, why, proposed, "signature", "", seated=True)
        return
    if not any(party.side == PartySide.PARTNER for party in mine):
        return
    for indicator in (each for commitment in agreement.commitments.all() for each in commitment.indicators.all()):
        if indicator.owed_by == "partner":
            yield from _owed(agreement, indicator, today, "agreement.owed", seated=True)
        for reading in indicator.readings.all():
            if not reading.by_partner and reading.answer == ReadingAnswer.NONE and not reading.is_partial:
                since = timezone.localdate(reading.recorded_at)
                why = f"« {indicator.name} » est relevé au {prose_day(reading.ends_on)}\u00a0: confirmez-le ou contestez-le."
                asked = f"?reading={reading.pk}"
                yield _line("agreement.confirm", reading.pk, agreement, why, since, "reponse", asked, seated=True)


def _owed(
    agreement: Agreement, indicator: Indicator, today: date, kind: str, *, seated: bool = False
) -> Iterator[Awaiting]:
    """One line for an indicator that owes readings: the oldest first, how many with it."""
    missing = missing_periods(agreement, indicator, today)
    if not missing:
        return
    late, others = missing[0], len(missing) - 1
    why = f"« {indicator.name} » n’est pas relevé pour la période close le {prose_day(late.last)}"
    why += f", ni pour {plural(others, 'autre', 'autres')}." if others else "."
    code = "compter" if indicator.known else "releve"
    asked = f"?indicator={indicator.pk}&day={late.last}"
    yield _line(kind, indicator.pk, agreement, why, late.last, code, asked, seated=seated)


def _with_renewal(own: AgreementQuerySet) -> QuerySet[Any]:
    """Say of each agreement whether another renews it or goes on after it: ``renewed``."""
    return own.annotate(renewed=is_followed())


def _of_readings(agreement: Agreement, today: date) -> Iterator[Awaiting]:
    for commitment in agreement.commitments.all():
        for indicator in commitment.indicators.all():
            code = "compter" if indicator.known else "releve"
            if indicator.owed_by == "own":
                yield from _owed(agreement, indicator, today, "agreement.reading")
            for reading in indicator.readings.all():
                since = timezone.localdate(reading.answered_at or reading.recorded_at)
                if not reading.by_partner and reading.answer == ReadingAnswer.DISPUTED:
                    why = f"Le partenaire conteste « {indicator.name} » au {prose_day(reading.ends_on)}."
                    asked = f"?indicator={indicator.pk}&day={reading.ends_on}"
                    yield _line("agreement.disputed", reading.pk, agreement, why, since, code, asked)
                if reading.by_partner and reading.answer == ReadingAnswer.NONE and not reading.is_partial:
                    why = f"Le partenaire a relevé « {indicator.name} » au {prose_day(reading.ends_on)}."
                    asked = f"?reading={reading.pk}"
                    yield _line("agreement.answer", reading.pk, agreement, why, since, "reponse", asked)


def _ending(found: Iterable[Any], kind: str, today: date) -> Iterator[Awaiting]:
    """One line for each that ends within the notice: to renew; or past its end: to note, or to renew."""
    ending = [each for each in found if each.ends_on and each.ends_on <= today + NOTICE and not each.renewed]
    for each in sorted(ending, key=lambda one: (one.ends_on, one.pk)):
        past = each.ends_on < today
        why = f"Elle {'a pris' if past else 'prend'} fin le {prose_day(each.ends_on)} et rien ne la renouvelle."
        since = each.ends_on - NOTICE
        if each.signed_on and each.signed_on > since:
            since = each.signed_on
        yield _line(kind, each.pk, each, why, min(since, today), "renouveler", "", due=each.ends_on)


_ACTION = {
    "compter": "Compter",
    "releve": "Donner le relevé",
    "reponse": "Répondre",
    "renouveler": "Préparer la suite",
    "signature": "Signer",
}


def _line(
    kind: str,
    pk: int,
    agreement: Agreement,
    why: str,
    since: date,
    code: str,
    asked: str,
    *,
    due: date | None = None,
    seated: bool = False,
) -> Awaiting:
    return Awaiting(
        kind=kind,
        pk=pk,
        subject=agreement.title,
        about=agreement.reference,
        sentence=why,
        since=since,
        due=due,
        action=_ACTION[code],
        page="agreements:seat-act" if seated else "agreements:act",
        arguments={"pk": agreement.pk, "code": code},
        query=asked,
    )


register("agreements", kinds=KINDS, awaits=awaits)
register("frameworks", kinds=HEAD_KINDS, awaits=awaits_head, hat=NETWORK_SEAT)
register("partners", kinds=PARTNER_KINDS, awaits=awaits_partner, hat=SEAT)
