"""Surveys for the head of the network: asks, invites, reminds, reads."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads
from dentelle.foundations.invitations.views import site_of
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.sheets import CONTENT_TYPES
from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.surveys import actions, inviting, queries
from dentelle.network.surveys.access import campaign_of, questionnaire_of, questionnaires_of, response_read_by
from dentelle.network.surveys.closing import refusal_to_reopen
from dentelle.network.surveys.doubts import doubts_of
from dentelle.network.surveys.export import FORMS, exported
from dentelle.network.surveys.forms import AddressesForm, CampaignForm, ReasonForm, StructuresForm
from dentelle.network.surveys.made import made_of
from dentelle.network.surveys.models import CampaignState
from dentelle.network.surveys.reading import read
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.results import results_of
from dentelle.network.surveys.shipped import titles
from dentelle.opendata.text import fold
from dentelle.rules.disclosure import masked
from dentelle.rules.wording import number, plural


def head(request: HttpRequest) -> NetworkSeat:
    """Return who acts for the network: set by the middleware, checked by the door."""
    return request.network_seat  # type: ignore[attr-defined,no-any-return]


@network_heads()
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """The surveys of the network, and the questionnaires to ask."""
    own = {each.code for each in questionnaires_of(head(request))}
    context = {
        "followed": queries.followed_by(head(request)),
        "questionnaires": questionnaires_of(head(request)).order_by("code", "-version"),
        "shipped": [(code, title) for code, title in titles() if code not in own],
    }
    return render(request, "surveys/campaigns.html", context)


@network_heads()
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Take a questionnaire that comes with Dentelle."""
    made = actions.take_shipped(head(request), code, at=timezone.now())
    return redirect("surveys:questionnaire", pk=made.pk)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """A questionnaire as it is asked; a campaign begins from it."""
    found = questionnaire_of(head(request), pk)
    if found.published_at is None and request.method != "POST":
        return redirect("surveys:write", pk=pk)
    form = CampaignForm(request.POST or None, initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_campaign(head(request), questionnaire=pk, **form.cleaned_data, at=timezone.now())
        except SurveyRefused as refused:
            form.add_error("closes_on" if refused.code == "closes_on" else None, str(refused))
        else:
            messages.success(request, "Campagne préparée. Ouvrez-la, puis invitez.")
            return redirect("surveys:campaign", pk=made.pk)
    context = {
        "questionnaire": found,
        "whole": read(found),
        "form": form,
        "used": found.campaigns.count(),
        **queries.written_around(head(request), found),
    }
    return render(request, "surveys/questionnaire.html", context, status=422 if form.errors else 200)


@network_heads()
@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """A survey: who answered, what comes out of it, who is still awaited."""
    found = campaign_of(head(request), pk)
    return _campaign_page(request, pk, AddressesForm(regions=_regions()) if found.state == CampaignState.OPEN else None)


def _campaign_page(request: HttpRequest, pk: int, form: AddressesForm | None, status: int = 200) -> HttpResponse:
    found = campaign_of(head(request), pk)
    context = {
        "campaign": found,
        "results": results_of(found, head=True),
        "responses": queries.responses_of(found),
        # of an anonymous one, in an order that says nothing of who answered when
        "invitees": found.invitees.select_related("structure", "response").order_by(
            *([] if found.anonymous else ["answered_on"]), "pk"
        )[:300],
        "addresses": form,
        "structures": StructuresForm(auto_id="structures_%s"),  # another form of the page has a « kind » too
        "is_draft": found.state == CampaignState.DRAFT,
        "is_open": found.state == CampaignState.OPEN,
        "may_reopen": not refusal_to_reopen(found, on=timezone.localdate()),
    }
    return render(request, "surveys/campaign.html", context, status=status)


@network_heads()
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a link to addresses."""
    form = AddressesForm(request.POST, regions=_regions())
    if form.is_valid():
        try:
            given = form.cleaned_data
            done = inviting.invite_addresses(
                head(request), pk, given["addresses"], kind=given["kind"], region_code=given["region_code"],
                site=site_of(request), at=timezone.now(),
            )  # fmt: skip
        except SurveyRefused as refused:
            form.add_error("addresses", str(refused))
        else:
            messages.success(request, f"Liens envoyés\u00a0: {done.count}.")
            for address, why in done.refused[:10]:
                messages.warning(request, f"{address}\u00a0: {why}.")
            return redirect("surveys:campaign", pk=pk)
    return _campaign_page(request, pk, form, status=422)


Act = Callable[[HttpRequest, int, datetime], str]


def _open(request: HttpRequest, pk: int, at: datetime) -> str:
    actions.open_campaign(head(request), pk, at=at)
    return "Campagne ouverte\u00a0: les structures invitées la voient dans leur journée."


def _structures(request: HttpRequest, pk: int, at: datetime) -> str:
    done = inviting.invite_structures(head(request), pk, kind=request.POST.get("kind", ""), at=at)
    return f"Structures invitées\u00a0: {done.count}."


def _remind(request: HttpRequest, pk: int, at: datetime) -> str:
    done = inviting.remind_now(head(request), pk, site=site_of(request), at=at)
    told = [f"Relances écrites\u00a0: {number(done.written)}."]
    if done.recent:
        told.append(
            f"{plural(done.recent, 'adresse a déjà reçu', 'adresses ont déjà reçu')} un message il y a moins de trois jours."
        )
    if done.inside:
        told.append(
            f"{plural(done.inside, 'structure n’a', 'structures n’ont')} pas répondu\u00a0: l’enquête est dans leur journée, "
            "rien ne leur est écrit."
        )
    if not (done.written or done.recent or done.inside):
        told = ["Personne n’est à relancer."]
    return " ".join(told)


def _withdraw(request: HttpRequest, pk: int, at: datetime) -> str:
    inviting.withdraw(head(request), pk, _invitee(request), at=at)
    return "Invitation retirée, avec son adresse."


def _forget(request: HttpRequest, pk: int, at: datetime) -> str:
    inviting.forget_address(head(request), pk, _invitee(request), at=at)
    return "Adresse oubliée\u00a0: la réponse reste, sans elle."


def _invitee(request: HttpRequest) -> int:
    typed = request.POST.get("invite", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0


ACTS: dict[str, Act] = {
    "ouvrir": _open,
    "structures": _structures,
    "relancer": _remind,
    "retirer": _withdraw,
    "oublier": _forget,
}


@network_heads()
@require_POST
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Open, invite structures, remind, withdraw an invitation, forget an address."""
    if code not in ACTS:
        raise Http404
    try:
        messages.success(request, ACTS[code](request, pk, timezone.now()))
    except SurveyRefused as refused:
        messages.error(request, str(refused))
    return redirect("surveys:campaign", pk=pk)


@network_heads()
@require_safe
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The answers as a spreadsheet."""
    found = campaign_of(head(request), pk)
    if form not in FORMS:
        raise Http404
    response = HttpResponse(exported(found, form), content_type=CONTENT_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="enquete-{found.pk}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def response_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer: what was said, to check, to send back, to make practice sheets of."""
    found = response_read_by(head(request), pk)
    form = ReasonForm(request.POST if request.method == "POST" and "reason" in request.POST else None)
    if request.method == "POST":
        try:
            if "reason" in request.POST:
                if form.is_valid():
                    actions.send_back(head(request), pk, form.cleaned_data["reason"], at=timezone.now())
                    messages.success(request, "Réponse renvoyée, avec votre motif.")
                    return redirect("surveys:campaign", pk=found.campaign_id)
            else:
                actions.check(head(request), pk, at=timezone.now())
                messages.success(request, "Réponse vérifiée.")
                return redirect("surveys:response", pk=pk)
        except SurveyRefused as refused:
            messages.error(request, str(refused))
            return redirect("surveys:response", pk=pk)
    made = made_of(head(request), found)
    context = {
        "response": found,
        "campaign": found.campaign,
        "parts": [(part, made.get((part.code, part.time))) for part in queries.said(found)],
        "doubts": [each.sentence for each in doubts_of(found.campaign, [found]).get(found.pk, ())],
        "comment": masked(found.comment) if found.campaign.anonymous else found.comment,
        "tells_kind": queries.kind_may_be_told(found),
        "form": form,
        "may_return": found.invitee_id is not None and found.campaign.state == CampaignState.OPEN,
        "back_url": reverse("surveys:campaign", kwargs={"pk": found.campaign_id}),
    }
    return render(request, "surveys/response.html", context, status=422 if form.errors else 200)


def _regions() -> list[tuple[str, str]]:
    ground = ground_or_none()
    if ground is None:
        return []
    table = ground.communes_table()
    codes = sorted(set(table["region_code"].to_pylist()) - {None})
    return sorted(((code, ground.name_of("region", code) or code) for code in codes), key=lambda pair: fold(pair[1]))
