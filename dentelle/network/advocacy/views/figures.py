"""The figures of a white paper: noted, taken, corrected, taken out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dentelle.foundations.doors import network_heads
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import figures as correcting
from dentelle.network.advocacy.actions import proposals as actions
from dentelle.network.advocacy.forms import FigureForm, MeasureForm, figure_initial
from dentelle.network.advocacy.measures import measure_of
from dentelle.network.advocacy.models import Figure
from dentelle.network.advocacy.pages import accepted, act_or_say, form_page, head, save_over
from dentelle.network.advocacy.queries import papers as queries

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@network_heads()
@require_http_methods(READ_AND_WRITE)
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures a white paper may cite; take one by hand, or one Dentelle computes."""
    seat, today = head(request), timezone.localdate()
    paper = access.one(access.papers_visible_to(seat), pk)
    taken = list(
        access.figures_visible_to(seat)
        .filter(paper=paper)
        .select_related("replaced_by")
        .prefetch_related("citations__proposal")
    )
    by_hand = request.method == "POST" and "measure" not in request.POST
    form = FigureForm(request.POST if by_hand else None, initial={"as_of": today})
    measure_form = MeasureForm(
        request.POST if request.method == "POST" and not by_hand else None, seat=seat, today=today, taken=taken
    )
    if request.method == "POST":
        at = timezone.now()
        if by_hand:
            done = accepted(form, lambda: actions.take_figure(seat, pk, form.typed(), at=at))
        else:
            done = accepted(
                measure_form,
                lambda: actions.take_measure(seat, pk, measure_form.cleaned_data["measure"], at=at),
            )
        if done is not None:
            messages.success(request, "Le chiffre est relevé, avec sa date\u00a0: il ne changera pas tout seul.")
            return redirect("advocacy:figures", pk=pk)
    printed = correcting.printed_in(paper)
    now = {each.pk: measure_of(seat, each.measure, today) for each in taken if each.measure}
    context = {
        "paper": paper,
        "rows": [
            (each, now.get(each.pk), queries.for_head({"url": each.link})["url"], printed.get(each.pk))
            for each in taken
        ],
        "form": form,
        "measure_form": measure_form,
    }
    wrong = form.errors or measure_form.errors
    return render(request, "advocacy/figures.html", context, status=422 if wrong else 200)


@network_heads()
@require_POST
def figure_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take again a figure Dentelle computes: its value, its definition and its date become today's."""
    seat = head(request)
    figure = access.one(access.figures_visible_to(seat).exclude(measure=""), pk)
    return act_or_say(
        request,
        lambda: actions.take_measure(seat, figure.paper_id, figure.measure, at=timezone.now(), pk=pk),
        "Relevé de nouveau, à la date d’aujourd’hui. Les éditions déjà faites gardent l’ancienne valeur.",
        "advocacy:figures",
        pk=figure.paper_id,
    )


@network_heads()
@require_http_methods(READ_AND_WRITE)
def figure_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a figure noted by hand; one an edition printed is replaced by another, which proposals then cite."""
    seat = head(request)
    found = access.one(
        access.figures_visible_to(seat)
        .filter(measure="", replaced_by=None, paper__is_example=False)
        .select_related("paper"),
        pk,
    )
    held = correcting.printed_in(found.paper).get(pk)
    form, saved = FigureForm(request.POST or None, initial=figure_initial(found)), None
    back = reverse("advocacy:figures", args=[found.paper_id])
    if request.method == "POST":
        saved = save_over(
            request,
            form,
            lambda asked: correcting.correct_figure(seat, pk, form.typed(), expected_revision=asked, at=timezone.now()),
            initial=figure_initial,
            build=FigureForm,
        )
        if saved.done is not None:
            messages.success(request, _corrected(saved.done, held))
            return redirect(back)
    lead = (
        f"L’édition {held} l’imprime\u00a0: elle garde l’ancien. La correction en fait un autre, que citeront les propositions."
        if held
        else ""
    )
    return form_page(
        request,
        form,
        title=f"Corriger «\u00a0{found.label}\u00a0»",
        submit="Corriger",
        back=back,
        lead=lead,
        revision=found.revision,
        saved=saved,
    )


@network_heads()
@require_POST
def figure_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a figure no proposal cites and no edition printed."""
    seat = head(request)
    figure = access.one(access.figures_visible_to(seat), pk)
    return act_or_say(
        request,
        lambda: correcting.remove_figure(seat, pk, at=timezone.now()),
        "Le chiffre est supprimé\u00a0; le journal garde qu’il a existé.",
        "advocacy:figures",
        pk=figure.paper_id,
    )


def _corrected(made: Figure, held: int | None) -> str:
    told = "Le chiffre est corrigé."
    if held:
        told = f"L’édition {held} garde l’ancien\u00a0; un nouveau chiffre le remplace dès la prochaine édition."
    citing = [
        str(number) for number in made.citations.order_by("proposal__number").values_list("proposal__number", flat=True)
    ]
    if citing:
        which = f"la proposition {citing[0]}" if len(citing) == 1 else f"les propositions {', '.join(citing)}"
        told += f" Relisez {which}\u00a0: une phrase peut dire encore l’ancienne valeur."
    return told
