"""What the pages of practices, concerns and findings of the Tour say of the white paper: what it made of them, directly or by
contributions, and how to contribute with them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse

from dentelle.foundations.mentions import Line, Mentions, keep, register
from dentelle.foundations.organisations.models import Network
from dentelle.network.advocacy import access
from dentelle.network.advocacy.lineage import ended_in
from dentelle.network.advocacy.models import Call, Citation, Contribution, ContributionSource, PaperState
from dentelle.rules.wording import day, plural, shortened

TITLE = "Dans le livre blanc"
ASK_THE_HEAD = "demandez à la tête de réseau d’en retirer vos mots."
MOST = 20


def on_practice(viewer: access.Viewer, pk: int, *, on: date) -> Mentions | None:
    """Return what the white papers made of the versions of a sheet, and the open call one may answer with it."""
    lines = _lines(viewer, practice__practice=pk)
    return _mentions(viewer, lines, on, "Contribuer au livre blanc avec cette fiche", f"?fiche={pk}")


def on_concern(viewer: access.Viewer, pk: int, *, on: date) -> Mentions | None:
    """Return what the white papers made of a concern, and the open call one may answer with it."""
    lines = _lines(viewer, concern=pk)
    return _mentions(viewer, lines, on, "Contribuer au livre blanc à partir d’elle", f"?preoccupation={pk}")


def on_finding(viewer: access.Viewer, pk: int, *, on: date) -> Mentions | None:
    """Return what the white papers made of a finding of the Tour, and the open call one may answer with it."""
    lines = _lines(viewer, finding=pk)
    return _mentions(viewer, lines, on, "Contribuer au livre blanc à partir de ce constat", f"?constat={pk}")


def keeps_concern(pk: int) -> str:
    """Return why a concern is no longer its author's to take back, empty while nothing received leans on it."""
    if Citation.objects.filter(concern=pk).exists():
        return f"Une proposition du livre blanc la cite déjà\u00a0: {ASK_THE_HEAD}"
    if ContributionSource.objects.filter(concern=pk, contribution__state__in=access.SHARED).exists():
        return f"Une contribution reçue pour le livre blanc s’appuie déjà sur elle\u00a0: {ASK_THE_HEAD}"
    return ""


def on_network(viewer: access.Viewer | None, pk: int, *, on: date) -> Mentions | None:
    """Return what anybody may read of a network's white papers: the call that is open, the latest editions."""
    calls = access.public_calls(on).filter(network=pk, paper__state=PaperState.OPEN, closes_on__gte=on)
    lines = [
        Line(
            f"Appel à contributions\u00a0: {each.paper.title}",
            f"jusqu’au {day(each.closes_on)}",
            reverse("advocacy:public-call", args=[each.paper_id]),
        )
        for each in calls.order_by("closes_on")
    ]
    published = access.published_editions().filter(network=pk).order_by("-published_on", "-number")
    seen: dict[int, Line] = {}
    editions = published.values_list("paper", "paper__title", "published_on")[:MOST]
    for paper, title, since in editions:
        told = f"publié le {day(since)}" if since else ""
        seen.setdefault(paper, Line(title, told, reverse("advocacy:public", args=[paper])))
    lines += seen.values()
    if not lines:
        return None
    return Mentions(f"Livre blanc, {Network.objects.get(pk=pk)}", tuple(lines))


def tell() -> None:
    """Register them; called when Django starts."""
    register("practice", "advocacy", on_practice)
    register("concern", "advocacy", on_concern)
    register("finding", "advocacy", on_finding)
    register("network", "advocacy", on_network)
    keep("concern", "advocacy", keeps_concern)


def _lines(viewer: access.Viewer, **source: int) -> tuple[Line, ...]:
    """The proposals that lean on a source, directly or by contributions the person may read, then the ideas these went to, then these.

    A contribution kept from the person leaves no trace here: what it leans on would tell whose it is.
    """
    found = access.contributions_visible_to(viewer).filter(
        pk__in=ContributionSource.objects.filter(**source).values("contribution")
    )
    leaning = list(found.select_related("structure", "paper").order_by("-paper", "-written_at", "-pk"))
    through = [each for each in leaning if each.state in access.SHARED]
    return (
        *_first(_proposals(viewer, source, through), "propositions"),
        *_first(_ideas(viewer, through), "idées"),
        *_first([_contribution(each) for each in leaning], "contributions"),
    )


def _proposals(viewer: access.Viewer, source: dict[str, int], through: Sequence[Contribution]) -> list[Line]:
    asked = Q(**source) | Q(contribution__in=[each.pk for each in through])
    cited = access.citations_visible_to(viewer).filter(asked).select_related("proposal__paper")
    by_proposal: dict[int, list[Citation]] = {}
    for each in cited.order_by("-proposal__paper", "proposal__number", "number"):
        by_proposal.setdefault(each.proposal_id, []).append(each)
    return [_proposal(each) for each in by_proposal.values()]


def _proposal(citations: Sequence[Citation]) -> Line:
    """A proposal, at its citation of the source itself; else at the first contribution it owes it to."""
    direct = next((each for each in citations if each.contribution_id is None), None)
    shown = direct or citations[0]
    by = "" if direct else f"par {plural(len(citations), 'contribution', 'contributions')}"
    return Line(
        f"Proposition {shown.proposal.number}\u00a0: {shown.proposal}",
        ", ".join(filter(None, (shown.proposal.paper.title, by))),
        reverse("advocacy:proposal", args=[shown.proposal_id]) + f"#source-{shown.number}",
    )


def _ideas(viewer: access.Viewer, through: Sequence[Contribution]) -> list[Line]:
    keys = {each.idea_id for each in through if each.idea_id}
    if not keys:
        return []
    ended = ended_in({each.paper_id for each in through})
    found = access.ideas_visible_to(viewer).filter(pk__in={ended.get(pk, pk) for pk in keys}).select_related("paper")
    return [
        Line(
            f"Idée\u00a0: {each}",
            f"{each.get_state_display()}, {each.paper.title}",
            reverse("advocacy:idea", args=[each.pk]),
        )
        for each in found.order_by("-paper", "title", "pk")
    ]


def _contribution(contribution: Contribution) -> Line:
    return Line(
        f"Contribution\u00a0: {shortened(str(contribution))}",
        f"{contribution.structure.name}, {contribution.get_state_display()}",
        reverse("advocacy:contribution", args=[contribution.pk]),
    )


def _first(lines: Sequence[Line], of: str) -> list[Line]:
    rest = [Line(f"et {len(lines) - MOST} autres {of}")] if lines[MOST:] else []
    return [*lines[:MOST], *rest]


def _mentions(viewer: access.Viewer, lines: tuple[Line, ...], on: date, act: str, query: str) -> Mentions | None:
    call = None
    if access.may_write(viewer):
        open_now = Call.objects.filter(paper__state=PaperState.OPEN, opens_on__lte=on, closes_on__gte=on)
        call = open_now.filter(network=access.network_of(viewer)).first()
    if call is None:
        return Mentions(TITLE, lines) if lines else None
    return Mentions(TITLE, lines, act, reverse("advocacy:contribute", args=[call.paper_id]) + query)
