"""What the pages of practices, concerns and findings of the Tour say of the white paper: which proposals lean on them, and how to contribute with them."""

from datetime import date

from django.urls import reverse

from dentelle.foundations.mentions import Line, Mentions, register
from dentelle.foundations.organisations.models import Network
from dentelle.network.advocacy import access
from dentelle.network.advocacy.models import Call, Citation, PaperState
from dentelle.rules.wording import day

TITLE = "Dans le livre blanc"
MOST = 20


def on_practice(viewer: access.Viewer, pk: int, *, on: date) -> Mentions | None:
    """Return the proposals that cite a version of a sheet, and the open call one may answer with it."""
    lines = _lines(Citation.objects.filter(practice__practice=pk), viewer)
    return _mentions(viewer, lines, on, "Contribuer au livre blanc avec cette fiche", f"?fiche={pk}")


def on_concern(viewer: access.Viewer, pk: int, *, on: date) -> Mentions | None:
    """Return the proposals that cite a concern, and the open call one may answer with it."""
    lines = _lines(Citation.objects.filter(concern=pk), viewer)
    return _mentions(viewer, lines, on, "Contribuer au livre blanc à partir d’elle", f"?preoccupation={pk}")


def on_finding(viewer: access.Viewer, pk: int, *, on: date) -> Mentions | None:
    """Return the proposals that cite a finding of the Tour, and the open call one may answer with it."""
    lines = _lines(Citation.objects.filter(finding=pk), viewer)
    return _mentions(viewer, lines, on, "Contribuer au livre blanc à partir de ce constat", f"?constat={pk}")


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


def _lines(found, viewer: access.Viewer) -> tuple[Line, ...]:  # type: ignore[no-untyped-def]
    cited = found.filter(network=access.network_of(viewer)).select_related("proposal__paper")
    return tuple(
        Line(
            f"Proposition {each.proposal.number}\u00a0: {each.proposal.title}",
            each.proposal.paper.title,
            reverse("advocacy:proposal", args=[each.proposal_id]) + f"#source-{each.number}",
        )
        for each in cited.order_by("-proposal__paper", "proposal__number")[:MOST]
    )


def _mentions(viewer: access.Viewer, lines: tuple[Line, ...], on: date, act: str, query: str) -> Mentions | None:
    call = None
    if access.may_write(viewer):
        open_now = Call.objects.filter(paper__state=PaperState.OPEN, opens_on__lte=on, closes_on__gte=on)
        call = open_now.filter(network=access.network_of(viewer)).first()
    if call is None:
        return Mentions(TITLE, lines) if lines else None
    return Mentions(TITLE, lines, act, reverse("advocacy:contribute", args=[call.paper_id]) + query)
