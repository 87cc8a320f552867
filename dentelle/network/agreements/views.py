"""Agreements for members of a network and for its head."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import HEAD, network_heads, network_people
from dentelle.foundations.organisations.models import Membership
from dentelle.network.agreements import access, pages, queries
from dentelle.network.agreements.access import WRITERS, Author
from dentelle.network.agreements.actions import writing
from dentelle.network.agreements.examples import PUBLIC_EMPLOYMENT_SERVICE_2020, add_example
from dentelle.network.agreements.forms.head import AgreementForm, known
from dentelle.network.agreements.mapping import places_of
from dentelle.network.agreements.pages import show_refusal
from dentelle.network.agreements.refusals import AgreementRefused, EditedMeanwhile
from dentelle.network.agreements.states import AgreementState, Side

AUTHORS = (*WRITERS, HEAD)


def viewer_of(request: HttpRequest) -> Author:
    """Return who acts, for a structure or for the network: set by the middleware, checked by the door."""
    return request.network_seat or request.membership  # type: ignore[attr-defined,no-any-return]


@network_people(acts=())
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Agreements of the network: the framework in force, the gaps, one's own local ones and those of others."""
    viewer = viewer_of(request)
    context = {
        "page": queries.agreement_list(viewer, timezone.localdate()),
        "writes": access.may_write(viewer),
        "head": not isinstance(viewer, Membership),
    }
    return render(request, "agreements/list.html", context)


@network_people(acts=())
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An agreement: who signs, what is promised, how it goes."""
    return pages.detail(request, viewer_of(request), pk)


@network_people(*WRITERS, acts=AUTHORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new draft: a framework by the head of the network, a local agreement by a structure."""
    viewer = viewer_of(request)
    if request.method != "POST":
        form = AgreementForm(initial=_start(viewer), **_offered(viewer))
        return _head_page(request, form, viewer)
    form = AgreementForm(request.POST, **_offered(viewer))
    if form.is_valid():
        try:
            agreement = writing.create_agreement(viewer, form.content, at=timezone.now())
        except AgreementRefused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "Convention créée. Ajoutez ses parties, ses articles et ses engagements.")
            return redirect("agreements:detail", pk=agreement.pk)
    return _head_page(request, form, viewer, status=422)


@network_people(*WRITERS, acts=AUTHORS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the head of a draft, unless somebody did meanwhile."""
    viewer = viewer_of(request)
    agreement = access.acted_on_by(viewer, pk, Side.AUTHOR)
    if agreement.state != AgreementState.DRAFT or agreement.is_example:
        messages.error(request, "Une convention ne se modifie que pendant sa rédaction\u00a0; ensuite, par avenant.")
        return redirect("agreements:detail", pk=pk)
    if request.method != "POST":
        return _head_page(request, AgreementForm(initial=known(agreement), **_offered(viewer)), viewer, agreement)
    form = AgreementForm(request.POST, **_offered(viewer))
    status = 422
    if form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            writing.update_agreement(viewer, pk, form.content, expected_revision=revision, at=timezone.now())
        except EditedMeanwhile as stale:
            status = 409
            typed = request.POST.copy()
            typed["revision"] = str(stale.current.revision)
            form = AgreementForm(typed, **_offered(viewer))
            form.add_error(None, str(stale))
        except AgreementRefused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "Convention modifiée.")
            return redirect("agreements:detail", pk=pk)
    return _head_page(request, form, viewer, agreement, status=status)


@network_people(*WRITERS, acts=AUTHORS)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act on an agreement, by its author."""
    return pages.act(request, viewer_of(request), pk, code)


@network_people(acts=())
@require_safe
def review(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The yearly review of an agreement, in Word."""
    return pages.review(request, viewer_of(request), pk, year)


@network_people(acts=())
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of an agreement, in Word."""
    return pages.document(request, viewer_of(request), pk)


@network_people(acts=())
@require_safe
def signed_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The signed copy of an agreement, as it was sent."""
    return pages.signed_file(request, viewer_of(request), pk)


@network_heads()
@require_POST
def load_example(request: HttpRequest) -> HttpResponse:
    """Put the agreement of 2020 among the frameworks, as an example of what is known of it."""
    agreement = add_example(request.network_seat, PUBLIC_EMPLOYMENT_SERVICE_2020, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, "La convention de 2020 est là, pour exemple.")
    return redirect("agreements:detail", pk=agreement.pk)


@network_people(acts=())
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Local agreements side by side: who committed to what, what works where."""
    return pages.compare(request, viewer_of(request))


def _offered(viewer: Author) -> dict[str, Any]:
    if not isinstance(viewer, Membership):
        return {"local": False}
    return {
        "local": True,
        "frameworks": queries.frameworks_to_choose(viewer),
        "places": places_of(viewer.structure, timezone.localdate()),
    }


def _start(viewer: Author) -> dict[str, Any]:
    """What a new draft proposes: the framework in force, and all that the structure covers."""
    if not isinstance(viewer, Membership):
        return {}
    today = timezone.localdate()
    framework = queries.standing(access.network_pk(viewer), today).framework
    return {
        "framework": framework.pk if framework else None,
        "themes": framework.themes if framework else [],
        "places": [spec for spec, _ in places_of(viewer.structure, today)],
    }


def _head_page(
    request: HttpRequest, form: AgreementForm, viewer: Author, agreement: Any = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "agreement": agreement,
        "head": not isinstance(viewer, Membership),
        "standing": queries.standing(access.network_pk(viewer), timezone.localdate()),
    }
    return render(request, "agreements/head.html", context, status=status)
