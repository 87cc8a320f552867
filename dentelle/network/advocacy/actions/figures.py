"""A figure noted wrong: corrected, or taken out. What an edition printed is never rewritten: its correction is another figure."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.papers import edited, take
from dentelle.network.advocacy.actions.proposals import Typed, fill_figure
from dentelle.network.advocacy.actions.rereading import have_reread
from dentelle.network.advocacy.content import cited
from dentelle.network.advocacy.models import Edition, Figure, WhitePaper
from dentelle.network.advocacy.refusals import AdvocacyRefused


@transaction.atomic
def correct_figure(seat: NetworkSeat, pk: int, typed: Typed, *, expected_revision: int, at: datetime) -> Figure:
    """Correct a figure noted by hand, unless somebody did since ``expected_revision``: EditedMeanwhile.

    One an edition printed stays as it was; its correction is another, cited in its place.
    """
    figure, paper = _figure(seat, pk)
    if figure.measure:
        raise AdvocacyRefused("measure", "Dentelle l’a calculé\u00a0: relevez-le de nouveau, ou retirez-le.")
    if figure.replaced_by_id:
        raise AdvocacyRefused("replaced", "Il est déjà corrigé\u00a0: corrigez celui qui le remplace.")
    take(figure, expected_revision)
    printed, former = pk in printed_in(paper), str(figure)
    made = Figure(network_id=seat.network_id, paper=paper) if printed else figure
    fill_figure(made, typed, seat=seat, at=at)
    made.save()
    if printed:
        figure.citations.update(figure=made)
        figure.replaced_by = made
        figure.save(update_fields=["replaced_by"])
    have_reread(made, former)
    record("figure.corrected", made, at=at, actor=seat.user, structure=None, paper=paper.pk)
    return made


@transaction.atomic
def remove_figure(seat: NetworkSeat, pk: int, *, at: datetime) -> WhitePaper:
    """Take out a figure no proposal cites and no edition printed."""
    figure, paper = _figure(seat, pk)
    if held := printed_in(paper).get(pk):
        raise AdvocacyRefused("printed", f"L’édition {held} l’imprime\u00a0: il ne disparaît plus. Corrigez-le.")
    citing = [
        str(number)
        for number in figure.citations.order_by("proposal__number").values_list("proposal__number", flat=True)
    ]
    if citing:
        which = (
            f"La proposition {citing[0]} le cite"
            if len(citing) == 1
            else f"Les propositions {', '.join(citing)} le citent"
        )
        raise AdvocacyRefused("cited", f"{which}\u00a0: retirez-y d’abord cette source.")
    figure.delete()
    record("figure.removed", paper, at=at, actor=seat.user, structure=None, figure=pk)
    return paper


def printed_in(paper: WhitePaper) -> dict[int, int]:
    """Return the figures editions of a white paper print, published or not, with the number of the first one."""
    found: dict[int, int] = {}
    for number, content in Edition.objects.filter(paper=paper).order_by("number").values_list("number", "content"):
        for citation in cited(content):
            if citation.get("figure"):
                found.setdefault(citation["figure"], number)
    return found


def _figure(seat: NetworkSeat, pk: int) -> tuple[Figure, WhitePaper]:
    paper = edited(seat, access.one(access.figures_visible_to(seat), pk).paper_id)
    return access.one(access.figures_visible_to(seat).select_for_update(of=("self",)), pk), paper
