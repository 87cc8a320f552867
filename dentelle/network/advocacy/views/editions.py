"""Editions and what follows: made, published, carried, answered; and the pages anybody may read."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.documents.views import served
from dentelle.foundations.doors import network_heads, public
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import editions as actions
from dentelle.network.advocacy.forms import AnswerForm, CarryForm, LeftOutForm
from dentelle.network.advocacy.models import Edition
from dentelle.network.advocacy.pages import accepted, act_or_say, form_page, head, key
from dentelle.network.advocacy.queries import editions as working
from dentelle.network.advocacy.queries import papers as queries
from dentelle.network.advocacy.refusals import AdvocacyRefused

READ_AND_WRITE = ["GET", "HEAD", "POST"]
FILES = {"pdf": "pdf", "docx": "word"}


@network_heads()
@require_http_methods(READ_AND_WRITE)
def editions(request: HttpRequest, pk: int) -> HttpResponse:
    """The editions of a white paper; freeze a new one."""
    seat = head(request)
    if request.method == "POST":
        return act_or_say(
            request,
            lambda: actions.make_edition(seat, pk, at=timezone.now()),
            "L’édition est arrêtée\u00a0: son contenu et ses fichiers ne changeront plus. Relisez-la, puis publiez-la.",
            "advocacy:editions",
            pk=pk,
        )
    paper = access.one(access.papers_visible_to(seat), pk)
    return render(request, "advocacy/editions.html", {"paper": paper, "found": working.editions_of(seat, paper)})


@network_heads()
@require_http_methods(READ_AND_WRITE)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish an edition, once what it would leave without answer was read."""
    seat = head(request)
    edition = access.one(access.editions_visible_to(seat), pk)
    if request.method == "POST":
        try:
            actions.publish(seat, pk, at=timezone.now())
        except AdvocacyRefused as refused:
            messages.error(request, str(refused))
            return redirect("advocacy:publish", pk=pk)
        messages.success(request, "L’édition est publiée\u00a0: chaque auteur apprend si elle le cite.")
        return redirect("advocacy:editions", pk=edition.paper_id)
    if edition.published_on:
        return redirect("advocacy:editions", pk=edition.paper_id)
    return _publishing(request, edition, None)


@network_heads()
@require_POST
def say_why(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the authors an edition leaves out a reason, one for several if need be."""
    seat = head(request)
    edition = access.one(access.editions_visible_to(seat), pk)
    form = LeftOutForm(request.POST, found=working.pending(edition.paper, edition).left_out)
    done = accepted(form, lambda: actions.say_why_left_out(seat, pk, **form.typed(), at=timezone.now()))
    if done is None:
        return _publishing(request, edition, form, status=422)
    messages.success(request, "La raison est gardée\u00a0: les auteurs la liront à la publication.")
    return redirect("advocacy:publish", pk=pk)


def _publishing(request: HttpRequest, edition: Edition, form: LeftOutForm | None, status: int = 200) -> HttpResponse:
    found = working.pending(edition.paper, edition)
    context = {
        "paper": edition.paper,
        "edition": edition,
        "pending": found,
        "form": form
        or LeftOutForm(found=found.left_out, initial={"contributions": [each.pk for each in found.unanswered]}),
    }
    return render(request, "advocacy/publish.html", context, status=status)


@network_heads()
@require_safe
def edition_file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The bytes of an edition, for its head, published or not."""
    return _file(access.one(access.editions_visible_to(head(request)).select_related("pdf", "word"), pk), form)


@network_heads()
@require_http_methods(READ_AND_WRITE)
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """To whom the white paper was carried, what they answered, what became of each proposal."""
    seat = head(request)
    sheet = queries.paper_sheet(seat, pk, today=timezone.localdate())
    form = CarryForm(request.POST or None, initial={"carried_on": timezone.localdate()})
    if request.method == "POST":
        done = accepted(form, lambda: actions.carry(seat, pk, **form.cleaned_data, at=timezone.now()))
        if done is not None:
            messages.success(request, "La remise est notée.")
            return redirect("advocacy:follow", pk=pk)
    published = sheet.published
    context = {
        "sheet": sheet,
        "paper": sheet.paper,
        "form": form,
        "followed": queries.followed_of(Edition.objects.get(pk=published.pk)) if published else (),
    }
    return render(request, "advocacy/follow.html", context, status=422 if form.errors else 200)


@network_heads()
@require_http_methods(READ_AND_WRITE)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the answer of whoever the white paper was carried to."""
    seat = head(request)
    carried = access.one(access.carried_visible_to(seat), pk)
    initial = {
        "words": carried.answer,
        "answered_on": carried.answered_on or timezone.localdate(),
        "outcome": carried.outcome,
    }
    form = AnswerForm(request.POST or None, initial=initial)
    back = reverse("advocacy:follow", args=[carried.paper_id])
    if request.method == "POST":
        done = accepted(form, lambda: actions.answer(seat, pk, **form.cleaned_data, at=timezone.now()))
        if done is not None:
            messages.success(request, "La réponse est notée.")
            return redirect(back)
    return form_page(request, form, title=f"Réponse de {carried.to_whom}", submit="Enregistrer", back=back)


@public(
    "a published white paper is made to be read by anyone: its words are those whose authors agreed; unpublished, it is a 404"
)
@require_safe
def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A published edition with the origin of each of its sentences, its annex of evidence and what followed."""
    found = queries.public_edition(pk, key(request.GET.get("edition")))
    if found is None:
        raise Http404
    if not _is_of(request, found.edition.network_id):
        queries.closed_to(found)
    elif getattr(request, "network_seat", None):
        queries.open_to_head(found)
    return render(request, "advocacy/public.html", {"page": found, "content": found.content})


@public("an open call is made to be passed on: what is asked and until when; what is answered stays in the network")
@require_safe
def public_call(request: HttpRequest, pk: int) -> HttpResponse:
    """A call for contributions, for whoever was given its address: what is asked, who answers and where."""
    today = timezone.localdate()
    call = access.public_calls(today).filter(paper=pk).prefetch_related("axes", "themes").first()
    if call is None:
        raise Http404
    context = {
        "call": call,
        "is_open": queries.is_open(call.paper, call, today),
        "is_published": access.published_editions().filter(paper=pk).exists(),
        "is_member": _is_of(request, call.network_id) and bool(getattr(request, "membership", None)),
        "signs_in": not request.user.is_authenticated,
    }
    return render(request, "advocacy/public_call.html", context)


@public(
    "the files of a published white paper are made to be read by anyone; withheld while an author took their words back"
)
@require_safe
def public_file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The bytes of a published edition, the same each time; a page that says so once an author took their words back."""
    found = queries.public_edition(pk, key(request.GET.get("edition")))
    if found is None or form not in FILES:
        raise Http404
    if found.masked:
        return _withdrawn(request, found)
    return _file(found.edition, form)


def _withdrawn(request: HttpRequest, found: queries.Public) -> HttpResponse:
    # the latest edition is offered when its own files may be had
    latest = found if found.edition == found.editions[0] else queries.public_edition(found.edition.paper_id, None)
    context = {"page": found, "latest": latest.edition if latest and not latest.masked else None}
    return render(request, "advocacy/withdrawn.html", context, status=410)


def _is_of(request: HttpRequest, network: int) -> bool:
    """Say whether whoever reads a public page is one of the people of a network: its head, or a member."""
    seat, member = getattr(request, "network_seat", None), getattr(request, "membership", None)
    return bool(seat and seat.network_id == network) or bool(member and member.structure.network_id == network)


def _file(edition: Edition, form: str) -> HttpResponseBase:
    if form not in FILES:
        raise Http404
    return served(getattr(edition, FILES[form]))
