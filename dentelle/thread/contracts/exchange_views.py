"""The answers of a contract as a text to hand out, and the access given to companies by link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.invitations.access import links_to
from dentelle.foundations.invitations.links import revoke_link
from dentelle.thread.contracts import access
from dentelle.thread.contracts.answers import answers_text, questions_of
from dentelle.thread.contracts.states import WRITER_ROLES
from dentelle.thread.contracts.views import member, thread_urls


@members(*access.READERS)
@require_safe
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Bidders' questions with the answer given to all: to print, to copy, and who was told of each."""
    contract = access.contract_visible_to(member(request), pk)
    # an associated structure follows its share of the hours, not the consultation
    questions = questions_of(contract) if contract.structure_id == member(request).structure_id else ()
    context = {
        "contract": contract,
        "questions": questions,
        "text": answers_text(contract, questions),
        "thread_urls": thread_urls(contract),
        "editable": access.may_write(member(request)) and contract.structure_id == member(request).structure_id,
    }
    return render(request, "contracts/answers.html", context)


@members(*WRITER_ROLES)
@require_POST
def link_close(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Take the access of a company back at once."""
    contract = access.contract_editable_by(member(request), pk)
    link = get_object_or_404(links_to(contract, member(request)).select_related("structure"), pk=link_pk)
    if revoke_link(link, actor=member(request).user, at=timezone.now()):
        messages.success(request, f"Accès fermé pour {link.email}.")
    return redirect("contracts:detail", pk=pk)
