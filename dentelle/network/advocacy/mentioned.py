"""What the pages of practices, concerns and findings of the Tour say of the white paper: which proposals lean on them, and how to contribute with them."""

from datetime import date

from django.urls import reverse

from dentelle.foundations.mentions import Line, Mentions, register
from dentelle.network.advocacy import access
from dentelle.network.advocacy.models import Call, Citation, PaperState

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


def tell() -> None:
    """Register them; called when Django starts."""
    register("practice", "advocacy", on_practice)
    register("concern", "advocacy", on_concern)
    register("finding", "advocacy", on_finding)


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
