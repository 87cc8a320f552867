"""What a link received by e-mail opens to a company: its part of one contract, without account, and nothing else."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.doors import link_bearers
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.invitations.throttle import allowed
from dentelle.foundations.invitations.views import unlisted
from dentelle.thread.contracts.access import contract_behind
from dentelle.thread.contracts.actions.links import PURPOSE
from dentelle.web.spaces.forms import LinkQuestionForm
from dentelle.web.spaces.pages import Addresses, act_page, contract_page, file_answer

# what a link may send in a day: somebody at work, not a machine
SENT_PER_DAY = 30


def _link(request: HttpRequest) -> MagicLink:
    return request.link  # type: ignore[attr-defined,no-any-return]


@link_bearers(PURPOSE)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The company's part of the contract behind the link this browser opened."""
    contract, party = contract_behind(_link(request))
    return unlisted(contract_page(request, contract, party, _addresses(), more={"link": _link(request)}))


@link_bearers(PURPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def received_act(request: HttpRequest, code: str) -> HttpResponse:
    """One act of the company: confirm its plan and name its correspondent, or ask something."""
    if request.method == "POST" and not allowed(
        "sent by link", str(_link(request).first.pk), times=SENT_PER_DAY, seconds=86_400, at=timezone.now()
    ):
        return unlisted(render(request, "web/429.html", status=429))
    contract, party = contract_behind(_link(request))
    more = {"link": _link(request)}
    return unlisted(act_page(request, contract, party, code, _addresses(), question_form=LinkQuestionForm, more=more))


@link_bearers(PURPOSE)
@require_safe
def received_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A file shared with the company on the contract."""
    contract, party = contract_behind(_link(request))
    return file_answer(contract, party, uuid)


def _addresses() -> Addresses:
    return Addresses(
        page=reverse("spaces:received"),
        act=lambda code: reverse("spaces:received-act", args=[code]),
        file=lambda uuid: reverse("spaces:received-file", args=[uuid]),
    )
