"""Moving an agreement from one state to the next, by the table of ``states.py``; a local one is signed only under a frame."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils import timezone

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.search.actions import index
from dentelle.network.agreements.access import Author, Viewer, frameworks_of
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.actions.naming import keep_names, release_names
from dentelle.network.agreements.frames import Frame, why_not_signed
from dentelle.network.agreements.models import Agreement, AgreementAmendment, PartySide, Signatory
from dentelle.network.agreements.parties import is_itself
from dentelle.network.agreements.plausible import check_not_long_before
from dentelle.network.agreements.public_bodies import signatories_needed
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import SIGNED_STATES, AgreementState, Move, Need, Side, check, move

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
        _check_signature(change.agreement, on, at)
        signatory.signed_on = on
        signatory.save(update_fields=["signed_on"])
        change.record("agreement.signature_noted", signatory, party=signatory.party_id, on=on.isoformat())
    return signatory


def correct_signature(
    actor: Viewer,
    pk: int,
    signatory_pk: int,
    *,
    on: date | None,
    expected_revision: int,
    at: datetime,
) -> Signatory:
    """Correct the day of a signature noted wrongly, or take it off (``on`` None) while the agreement is not signed.

    A partner corrects those of its own organisation, until the agreement is signed. The journal keeps the day that was noted.
    Raises AgreementRefused, EditedMeanwhile.
    """
    sides, states = (Side.AUTHOR, Side.PARTNER), (AgreementState.PROPOSED, *SIGNED_STATES)
    with changing(actor, pk, expected_revision=expected_revision, at=at, sides=sides, states=states) as change:
        agreement = change.agreement
        found = Signatory.objects.filter(party__agreement=agreement, pk=signatory_pk, signed_on__isnull=False)
        if isinstance(actor, Seat):
            found = found.filter(party__organisation_id=actor.organisation_id)
        signatory = found.first()
        if signatory is None or (agreement.is_signed and change.side is not Side.AUTHOR):
            raise Http404
        before = signatory.signed_on
        if on == before:
            raise AgreementRefused("same", "C’est le jour déjà noté.", "on")
        if on is None and agreement.is_signed:
            raise AgreementRefused(
                "needed", "La convention est signée\u00a0: corrigez le jour, il ne peut plus être effacé.", "on"
            )
        if on is not None:
            _check_signature(agreement, on, at)
        signatory.signed_on = on
        signatory.save(update_fields=["signed_on"])
        if agreement.is_signed and signatory.party.amendment_id is None:
            _date_again(agreement)
        known = {"before": before.isoformat() if before else "", "on": on.isoformat() if on else ""}
        change.record("agreement.signature_corrected", signatory, party=signatory.party_id, **known)
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


def _check_signature(agreement: Agreement, on: date, at: datetime) -> None:
    """Refuse a day on which nobody can have signed this agreement."""
    if on > timezone.localdate(at):
        raise AgreementRefused("future", "Une signature se note une fois donnée\u00a0: cette date est à venir.", "on")
    check_not_long_before(agreement, on, "on")
    if agreement.ends_on and on > agreement.ends_on:
        raise AgreementRefused(
            "over",
            f"La convention finit le {agreement.ends_on:%d/%m/%Y}\u00a0: elle ne peut être signée après sa fin.",
            "on",
        )
    why = _no_frame(agreement, on)
    if why:
        raise AgreementRefused("no_framework", why, "on")


def _date_again(agreement: Agreement) -> None:
    """Give a signed agreement the day of its last signature; what was done since must still hold."""
    last = _last_signature(agreement)
    if last is None:
        return
    amended = agreement.amendments.order_by("signed_on").values_list("signed_on", flat=True).first()
    if amended is not None and amended < last:
        raise AgreementRefused("amended", f"Un avenant a été signé le {amended:%d/%m/%Y}, avant ce jour.", "on")
    if agreement.ended_on is not None and agreement.ended_on < last:
        raise AgreementRefused("over", f"La convention a cessé le {agreement.ended_on:%d/%m/%Y}, avant ce jour.", "on")
    if agreement.is_framework:
        rested = min(_signed_under(agreement), default=None)
        if rested is not None and rested < last:
            raise AgreementRefused(
                "signed_under_it",
                f"Une convention locale a été signée sous ce cadre le {rested:%d/%m/%Y}, avant ce jour.",
                "on",
            )
    agreement.signed_on = last
    agreement.save(update_fields=["signed_on"])


def _signed_under(framework: Agreement) -> list[date]:
    """The days something was signed under a framework: local agreements and their amendments."""
    under = framework.local_agreements.signed()
    amended = AgreementAmendment.objects.filter(agreement__in=under.values("pk"))
    days = [*under.values_list("signed_on", flat=True), *amended.values_list("signed_on", flat=True)]
    return [day for day in days if day is not None]


def check_frame(agreement: Agreement, on: date) -> None:
    """Raise AgreementRefused ``no_framework`` when a local agreement may not be signed on a day."""
    why = _no_frame(agreement, on)
    if why:
        raise AgreementRefused("no_framework", why, "signed_on")


def check_local_agreements(framework: Agreement, last_day: date, field: str = "ended_on") -> None:
    """Raise AgreementRefused when a framework ending on ``last_day`` would leave something signed under it without frame."""
    latest = max(_signed_under(framework), default=None)
    if latest is not None and latest > last_day:
        raise AgreementRefused(
            "signed_under_it",
            f"Une convention locale a été signée sous ce cadre le {latest:%d/%m/%Y}\u00a0: il ne peut avoir cessé avant.",
            field,
        )


def frames(agreements: Iterable[Agreement]) -> list[Frame]:
    """Return the days each signed framework lets things be signed; one whose period is not known frames nothing."""
    return [
        Frame(each.pk, each.title, each.first_day, each.last_day, each.is_signed_late)
        for each in agreements
        # one signed after its own end never let anything be signed
        if each.is_signed
        and not each.is_example
        and each.first_day
        and each.last_day
        and each.first_day <= each.last_day
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
    # those who joined by amendment signed that amendment
    own = Signatory.objects.filter(party__agreement=agreement, party__amendment=None)
    given = list(own.values_list("signed_on", flat=True))
    days = [day for day in given if day is not None]
    return max(days) if days and len(days) == len(given) else None


def _met(need: Need, agreement: Agreement, reason: str, ended_on: date | None, today: date) -> bool:
    match need:
        case Need.PARTIES:
            parties = list(agreement.parties.all())
            return len(parties) >= 2 and all(party.organisation_id for party in parties)
        case Need.SIDES:
            return {PartySide.AUTHOR, PartySide.PARTNER} <= set(agreement.parties.values_list("side", flat=True))
        case Need.OWN:
            return _is_party(agreement)
        case Need.SIGNATORIES:
            parties = list(agreement.parties.select_related("organisation").prefetch_related("signatories"))
            return all(len(party.signatories.all()) >= signatories_needed(party) for party in parties)
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


def _is_party(agreement: Agreement) -> bool:
    """Say whether the structure of a local agreement signs it."""
    own = agreement.structure
    if agreement.is_framework or own is None:
        return True
    return any(is_itself(party, own) for party in agreement.parties.select_related("organisation"))


def _apply(change: Change, asked: Move, ended_on: date | None) -> None:
    agreement = change.agreement
    match asked.code:
        case "propose":
            keep_names(agreement)
        case "take_back" | "resume":
            # signatures were given to a text that changes
            Signatory.objects.filter(party__agreement=agreement).update(signed_on=None)
            release_names(agreement)
        case "sign":
            agreement.signed_on = _last_signature(agreement)
        case "end":
            agreement.ended_on = agreement.ends_on
        case "terminate":
            _check_end(agreement, ended_on, change.at.date())
            agreement.ended_on = ended_on


def _check_end(agreement: Agreement, ended_on: date | None, today: date) -> None:
    if ended_on is None or agreement.starts_on is None or agreement.ends_on is None:
        raise AgreementRefused("needs", f"Il manque\u00a0: {Need.ENDED_ON.label}.", "ended_on")
    first = agreement.first_day or agreement.starts_on
    if not first <= ended_on <= agreement.ends_on:
        raise AgreementRefused("ended_on", "Ce jour est hors des jours où la convention est en vigueur.", "ended_on")
    if agreement.is_framework:
        check_local_agreements(agreement, ended_on)


__all__ = [
    "Author",
    "check_frame",
    "check_local_agreements",
    "correct_signature",
    "frames",
    "move_agreement",
    "sign_for",
]
