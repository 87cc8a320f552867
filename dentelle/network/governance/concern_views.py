"""Concerns: the short form of officials, the table where the head gathers them, and the page of each."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.doors import members, network_heads, network_people
from dentelle.foundations.mentions import mentions_of
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance import access
from dentelle.network.governance.actions import concerns as actions
from dentelle.network.governance.forms import ConcernForm, EraseForm, GatherForm, ReasonForm, ThemeForm
from dentelle.network.governance.models import ConcernState
from dentelle.network.governance.pages import accepted, act_or_say, form_page, head, key, keys, save_over, viewer
from dentelle.network.governance.queries import bodies, concerns
from dentelle.network.governance.refusals import GovernanceRefused

OWN_VOICE = "they write in their own name to the network; nothing of the structure changes"
STATES = [state for state in ConcernState.choices if state[0] != ConcernState.WITHDRAWN]


@network_people(acts=())
@require_safe
def concern_list(request: HttpRequest) -> HttpResponse:
    """What elected officials of the network wrote, latest first, as the person may read it."""
    who = viewer(request)
    asked = request.GET
    mandates = list(access.mandates_visible_to(who))
    chosen = key(asked.get("mandat"))
    running = next((each.pk for each in mandates if each.holds(timezone.localdate())), None)
    filters = concerns.Filters(
        mandate=chosen if chosen in {each.pk for each in mandates} else running,
        theme=key(asked.get("theme")),
        axis=key(asked.get("axe")),
        state=asked.get("etat", "") if asked.get("etat") in dict(STATES) else "",
        mine=asked.get("miennes") == "1" and access.may_write(who),
    )
    page = concerns.list_concerns(who, filters, after=asked.get("apres"))
    mandate = next((each for each in mandates if each.pk == filters.mandate), None)
    kept = {
        "mandat": filters.mandate,
        "theme": filters.theme,
        "axe": filters.axis,
        "etat": filters.state,
        "miennes": "1" if filters.mine else "",
    }
    said = urlencode({name: value for name, value in kept.items() if value})
    context = {
        "page": page,
        "filters": filters,
        "mandates": mandates,
        "mandate": mandate,
        "themes": access.themes_visible_to(who).filter(mandate=mandate) if mandate else (),
        "states": STATES,
        "may_write": access.may_write(who),
        "may_run": access.may_run(who),
        "next_url": f"?{said}&apres={page.after}" if page.after else "",
        "first_url": f"?{said}" if asked.get("apres") else "",
    }
    return render(request, "governance/concerns.html", context)


@members(*access.WRITERS, harmless=OWN_VOICE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a concern."""
    who = request.membership  # type: ignore[attr-defined]
    form = ConcernForm(request.POST or None, member=who, today=timezone.localdate())
    if request.method == "POST" and not request.POST:
        form = ConcernForm({}, member=who, today=timezone.localdate())
    if request.method == "POST":
        made = accepted(form, lambda: actions.write_concern(who, form.words(), at=timezone.now()))
        if made is not None:
            messages.success(
                request, "Votre préoccupation est écrite. Vous saurez ici, puis par courriel, ce qu’elle devient."
            )
            return redirect("governance:concern", pk=made.pk)
    context = {"form": form, "mandate": bodies.running_mandate(who, timezone.localdate())}
    return render(request, "governance/write.html", context, status=422 if form.errors else 200)


@network_people(acts=())
@require_safe
def concern(request: HttpRequest, pk: int) -> HttpResponse:
    """One concern, in its author's words, and what became of it."""
    return _sheet(request, pk, ReasonForm())


def _sheet(
    request: HttpRequest, pk: int, form: ReasonForm, status: int = 200, erase: EraseForm | None = None
) -> HttpResponse:
    sheet = concerns.concern_sheet(viewer(request), pk)
    context = {
        "sheet": sheet,
        "row": sheet.row,
        "form": form,
        "erase": erase or EraseForm(),
        "refused": erase if erase and erase.errors else form if form.errors else None,
        "mentions": [] if sheet.withdrawn else mentions_of("concern", viewer(request), pk, on=timezone.localdate()),
    }
    return render(request, "governance/concern.html", context, status=status)


@members(*access.WRITERS, harmless=OWN_VOICE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own concern back; asked by its address alone, the concern itself."""
    if request.method != "POST":
        return _asked(request, pk)
    return act_or_say(
        request,
        lambda: actions.withdraw(request.membership, pk, at=timezone.now()),  # type: ignore[attr-defined]
        "Votre préoccupation est retirée\u00a0; ses mots sont effacés.",
        "governance:concern",
        pk=pk,
    )


@members(*access.WRITERS, harmless=OWN_VOICE)
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Say one knows what became of one's own concern; asked by its address alone, the concern itself."""
    if request.method != "POST":
        return _asked(request, pk)
    return act_or_say(
        request,
        lambda: actions.mark_read(request.membership, pk, at=timezone.now()),  # type: ignore[attr-defined]
        "C’est noté.",
        "governance:concern",
        pk=pk,
    )


def _asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a concern whoever asks again for the address where an act on it was refused, or was cut by signing in."""
    access.one(access.concerns_visible_to(viewer(request)), pk)
    return redirect("governance:concern", pk=pk)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Say a concern is not taken up, and why; asked by its address alone, the concern itself."""
    if request.method != "POST":
        return _asked(request, pk)
    access.one(access.concerns_visible_to(head(request)), pk)
    form = ReasonForm(request.POST)
    done = accepted(
        form,
        lambda: actions.set_aside(head(request), pk, reason=form.cleaned_data["reason"], at=timezone.now()),
    )
    if done is None:
        return _sheet(request, pk, form, status=422)
    messages.success(request, "C’est dit à son auteur, avec vos mots.")
    return redirect("governance:concern", pk=pk)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Mask words of a concern that name somebody; asked by its address alone, the concern itself."""
    if request.method != "POST":
        return _asked(request, pk)
    access.one(access.concerns_visible_to(head(request)), pk)
    form = EraseForm(request.POST)
    done = accepted(
        form,
        lambda: actions.erase_words(head(request), pk, passages=form.cleaned_data["passages"], at=timezone.now()),
    )
    if done is None:
        return _sheet(request, pk, ReasonForm(), status=422, erase=form)
    messages.success(request, "Ces mots sont effacés\u00a0; son auteur le lira ici.")
    return redirect("governance:concern", pk=pk)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def gathering(request: HttpRequest) -> HttpResponse:
    """Gather concerns under themes: choose some, choose a theme or name a new one. Those of a former mandate say it."""
    who = head(request)
    mandate = bodies.running_mandate(who, timezone.localdate())
    rows = concerns.to_gather(who)
    form = GatherForm(request.POST or None)
    chosen = keys(request.POST.getlist("preoccupation"))
    if request.method == "POST":
        at = timezone.now()
        moved = accepted(form, lambda: _gather(who, chosen, form, at=at))
        if moved is not None:
            messages.success(
                request,
                "Rangé\u00a0: chaque auteur le voit sur sa préoccupation."
                if chosen
                else "Le thème est créé\u00a0; il n’a encore aucune préoccupation.",
            )
            return redirect("governance:gathering")
    waiting = access.mandates_visible_to(who).filter(pk__in={row.mandate_pk for row in rows})
    groups = [(each, concerns.themes_of(who, each)) for each in waiting]
    context = {
        "rows": rows,
        "themes": concerns.themes_of(who, mandate),
        "groups": [(each, found) for each, found in groups if found],
        "mandate": mandate,
        "form": form,
        "chosen": chosen,
    }
    return render(request, "governance/gathering.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _gather(who: NetworkSeat, chosen: list[int], form: GatherForm, *, at: datetime) -> int:
    """Name the theme when it is a new one, in the mandate of what it gathers, then gather."""
    where, name = form.cleaned_data["theme"], form.cleaned_data["name"]
    if name:
        mandates = {
            one.mandate for one in access.concerns_visible_to(who).filter(pk__in=chosen).select_related("mandate")
        }
        if len(mandates) > 1:
            raise GovernanceRefused(
                "other_mandate", "Ces préoccupations sont de plusieurs mandats\u00a0: rangez celles de chacun à part."
            )
        made = actions.open_theme(who, name=name, summary="", at=at, mandate=next(iter(mandates), None))
        where = made.pk
        if not chosen:
            return 0
    return actions.gather(who, chosen, where, at=at)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def theme_new(request: HttpRequest) -> HttpResponse:
    """Name a theme before any concern is gathered under it."""
    form = ThemeForm(request.POST or None)
    if request.method == "POST":
        made = accepted(form, lambda: actions.open_theme(head(request), **form.cleaned_data, at=timezone.now()))
        if made is not None:
            messages.success(request, f"Le thème « {made} » est créé.")
            return redirect("governance:theme", pk=made.pk)
    return form_page(
        request,
        form,
        title="Quel thème revient dans les préoccupations\u202f?",
        submit="Créer le thème",
        back=reverse("governance:home"),
    )


@network_people(acts=())
@require_safe
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    """One theme, the concerns it gathers in their authors' words, the axes that came of it."""
    who = viewer(request)
    found = access.one(access.themes_visible_to(who).select_related("mandate", "former__mandate"), pk)
    page = concerns.list_concerns(who, concerns.Filters(theme=pk), after=request.GET.get("apres"))
    context = {
        "theme": found,
        "former": concerns.former_weights(access.themes_visible_to(who).filter(pk=pk)).get(pk, 0),
        "renewals": found.renewals.select_related("mandate").order_by("mandate__starts_on"),
        "page": page,
        "versions": found.versions.select_related("axis").order_by("axis__rank", "number"),
        "may_run": access.may_run(who),
        "next_url": f"?apres={page.after}" if page.after else "",
        "first_url": reverse("governance:theme", args=[pk]) if request.GET.get("apres") else "",
    }
    return render(request, "governance/theme.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def theme_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name of a theme, or what its concerns say together."""
    found = access.one(access.themes_visible_to(head(request)), pk)
    saved = save_over(
        request,
        ThemeForm,
        {"name": found.name, "summary": found.summary},
        lambda form: actions.change_theme(head(request), pk, **form.cleaned_data, at=timezone.now()),
    )
    if saved.done is not None:
        messages.success(request, "Le thème est à jour.")
        return redirect("governance:theme", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Modifier «\u00a0{found}\u00a0»",
        submit="Enregistrer",
        back=reverse("governance:theme", args=[pk]),
    )
