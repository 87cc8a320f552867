"""What publications make people wait for: an award to find, to have corrected, to recognise. One query."""

from datetime import datetime

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.wording import day as prose_day
from dentelle.thread.publications.access import may_write
from dentelle.thread.publications.queries import Awaited, awaiting
from dentelle.thread.publications.standing import Standing

KINDS = {
    "publication.missing": "Publication manquante",
    "publication.different": "Publication à faire corriger",
    "publication.to_confirm": "Publication à confirmer",
}


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the publications of the contracts led by the member's structure that call for somebody."""
    return [_line(each) for each in awaiting(membership, at)] if may_write(membership) else []


def _line(each: Awaited) -> Awaiting:
    return Awaiting(
        kind=f"publication.{each.standing}",
        pk=each.contract_pk,
        subject=each.title,
        about=" · ".join(filter(None, (each.number, each.buyer))),
        sentence=_why(each),
        since=each.notified_on,
        due=each.due_on if each.standing is Standing.MISSING else None,
        action=each.next_action,
        page="publications:detail",
        arguments={"pk": each.contract_pk},
        in_charge=each.facilitator_pk,
    )


def _why(each: Awaited) -> str:
    if each.standing is Standing.TO_CONFIRM:
        return "Une publication ressemble à ce contrat\u00a0: dites si c’est lui."
    if each.standing is Standing.DIFFERENT:
        return "Ce qui est publié n’est pas la considération sociale promise."
    until = f", le délai s’est achevé le {prose_day(each.due_on)}" if each.due_on else ""
    return f"Ce marché n’est pas dans les données essentielles publiées{until}."


register("publications", kinds=KINDS, awaits=awaits)
