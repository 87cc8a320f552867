"""Moving an agreement from one state to the next, by the table of ``states.py``; a local one is signed only under a frame."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import Http404

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.search.actions import index
from dentelle.network.agreements.access import Author, Viewer, frameworks_of
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.frames import Frame, why_not_signed
from dentelle.network.agreements.models import Agreement, AgreementAmendment, Signatory
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import AgreementState, Move, Need, Side, check, move

EVERY_STATE = tuple(AgreementState)


def sign_for(actor: Viewer, pk: int, signatory_pk: int, *, on: date, expected_revision: int, at: datetime) -> Signatory:
    """Note that a person signed; a partner notes those of its own organisation only. Raises AgreementRefused, EditedMeanwhile."""
    sides, states = (Side.AUTHOR, Side.PARTNER), (AgreementState.PROPOSED,)
    with changing(actor, pk, expected_revision=expected_revision, at=at, sides=sides, states=states) as change:
        found = Signatory.objects.filter(party__agreement=change.agreement, pk=signatory_pk)
        if isinstance(actor, Seat):
            found = found.filter(party__organisation_id=actor.organisation_id)
        signatory = found.first()
        if signatory is None:
            raise Http404
        if signatory.signed_on is not None:
            raise AgreementRefused("signed", "Cette signature est déjà notée.")
        if on > at.date():
            raise AgreementRefused(
                "future", "Une signature se note une fois donnée\u00a0: cette date est à venir.", "on"
            )
        why = _no_frame(change.agreement, on)
        if why:
            raise AgreementRefused("no_framework", why, "on")
        signatory.signed_on = on
        signatory.save(update_fields=["signed_on"])
        change.record("agreement.signature_noted", signatory, party=signatory.party_id, on=on.isoformat())
    return signatory


def move_agreement(
    actor: Viewer,
    pk: int,
    code: str,
    *,
    reason: str = "",
    ended_on: date | None = None,
    expected_revision: int,
    at: datetime,
) -> Agreement:
    """Move an agreement; what the move needs must be there. Raises MoveRefused, AgreementRefused, EditedMeanwhile.

    ``reason`` is kept beside the agreement; the journal holds codes and dates only.
    """
    asked = move(code)
    sides = (Side.AUTHOR, Side.PARTNER)
    with changing(actor, pk, expected_revision=expected_revision, at=at, sides=sides, states=EVERY_STATE) as change:
        agreement = change.agreement
        check(asked, agreement.state, change.side)
        facts: dict[str, Any] = {"from": agreement.state, "to": asked.target.value, "move": asked.code}
        missing = [need for need in asked.needs if not _met(need, agreement, reason, ended_on, at.date())]
        if missing:
            said = [need.label for need in missing if need is not Need.FRAME]
            why = f"Il manque\u00a0: {', '.join(said)}." if said else ""
            if Need.FRAME in missing and Need.SIGNATURES not in missing:
                why = f"{why} {_no_frame(agreement, _last_signature(agreement) or at.date())}".strip()
            code = "no_framework" if missing == [Need.FRAME] else "needs"
            raise AgreementRefused(code, why or f"Il manque\u00a0: {Need.FRAME.label}.")
        _apply(change, asked, ended_on)
        agreement.state, agreement.state_since = asked.target.value, at
        agreement.state_reason = reason.strip()
        agreement.save()
        change.record("agreement.moved", **facts)
        index(agreement)
    return change.agreement


def check_frame(agreement: Agreement, on: date) -> None:
    """Raise AgreementRefused ``no_framework`` when a local agreement may not be signed on a day."""
    why = _no_frame(agreement, on)
    if why:
        raise AgreementRefused("no_framework", why, "signed_on")


def check_local_agreements(framework: Agreement, last_day: date) -> None:
    """Raise AgreementRefused when a framework ending on ``last_day`` would leave something signed under it without frame."""
    under = framework.local_agreements.signed()
    amended = AgreementAmendment.objects.filter(agreement__in=under.values("pk"))
    days = [*under.values_list("signed_on", flat=True), *amended.values_list("signed_on", flat=True)]
    latest = max((day for day in days if day is not None), default=None)
    if latest is not None and latest > last_day:
        raise AgreementRefused(
            "signed_under_it",
            f"Une convention locale a été signée sous ce cadre le {latest:%d/%m/%Y}\u00a0: il ne peut avoir cessé avant.",
            "ended_on",
        )


def frames(agreements: Iterable[Agreement]) -> list[Frame]:
    """Return the days each signed framework is in force; one whose period is not known frames nothing."""
    return [
        Frame(each.pk, each.title, each.starts_on, each.last_day)
        for each in agreements
        if each.is_signed and not each.is_example and each.starts_on and each.last_day
    ]


def _no_frame(agreement: Agreement, on: date) -> str:
    """Why nothing is signed under the agreement's framework on a day; empty when it may be, and for a framework itself."""
    if agreement.is_framework:
        return ""
    # held until the end of the transaction: nobody ends the framework while something is signed under it
    known = list(frameworks_of(agreement.network_id).select_for_update(of=("self",)))
    why = why_not_signed(frames(known), on)
    if why:
        return why
    chosen = next((each for each in known if each.pk == agreement.framework_id), None)
    if chosen is None:
        return "Choisissez d’abord la convention-cadre dont celle-ci est la déclinaison."
    if not chosen.in_force(on):
        return (
            f"« {chosen.title} » n’est pas en vigueur le {on:%d/%m/%Y} ; une autre convention-cadre l’est\u00a0: "
            "reprenez la rédaction et choisissez-la."
        )
    return ""


def _last_signature(agreement: Agreement) -> date | None:
    given = [each.signed_on for party in agreement.parties.all() for each in party.signatories.all()]
    days = [day for day in given if day is not None]
    return max(days) if days and len(days) == len(given) else None


def _met(need: Need, agreement: Agreement, reason: str, ended_on: date | None, today: date) -> bool:
    match need:
        case Need.PARTIES:
            parties = list(agreement.parties.all())
            return len(parties) >= 2 and all(party.organisation_id for party in parties)
        case Need.SIGNATORIES:
            parties = list(agreement.parties.prefetch_related("signatories"))
            return all(len(party.signatories.all()) >= party.signatories_needed for party in parties)
        case Need.ARTICLES:
            texts = list(agreement.articles.values_list("text", flat=True))
            return bool(texts) and all(texts)
        case Need.PERIOD:
            return agreement.starts_on is not None and agreement.ends_on is not None
        case Need.SIGNATURES:
            return _last_signature(agreement) is not None
        case Need.FRAME:
            day = _last_signature(agreement)
            return day is not None and not _no_frame(agreement, day)
        case Need.TERM_PASSED:
            return agreement.ends_on is not None and agreement.ends_on < today
        case Need.ENDED_ON:
            return ended_on is not None
        case Need.REASON:
            return bool(reason.strip())


def _apply(change: Change, asked: Move, ended_on: date | None) -> None:
    agreement = change.agreement
    match asked.code:
        case "take_back":
            # signatures were given to a text that changes
            Signatory.objects.filter(party__agreement=agreement).update(signed_on=None)
        case "sign":
            agreement.signed_on = _last_signature(agreement)
        case "end":
            agreement.ended_on = agreement.ends_on
        case "terminate":
            _check_end(agreement, ended_on, change.at.date())
            agreement.ended_on = ended_on
        case "resume":
            Signatory.objects.filter(party__agreement=agreement).update(signed_on=None)


def _check_end(agreement: Agreement, ended_on: date | None, today: date) -> None:
    if ended_on is None or agreement.starts_on is None or agreement.ends_on is None:
        raise AgreementRefused("needs", f"Il manque\u00a0: {Need.ENDED_ON.label}.", "ended_on")
    if not agreement.starts_on <= ended_on <= agreement.ends_on:
        raise AgreementRefused("ended_on", "Ce jour est hors de la période de la convention.", "ended_on")
    if agreement.is_framework:
        check_local_agreements(agreement, ended_on)


__all__ = ["Author", "check_frame", "check_local_agreements", "frames", "move_agreement", "sign_for"]
