"""``/courriels/``: in the demonstration, what would have been sent. Anywhere else these addresses do not exist."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dentelle.foundations.doors import public
from dentelle.foundations.messages.delivery import message_id
from dentelle.foundations.messages.models import Message
from dentelle.foundations.messages.queries import recent_messages


@public("the demonstration shows its fictional mail to whoever plays each part; elsewhere the page does not exist")
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    _only_in_demonstration()
    return render(request, "mail/list.html", {"mails": recent_messages()})


@public("same fictional mail, one message")
@require_safe
def message_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    _only_in_demonstration()
    message = get_object_or_404(Message, pk=pk)
    return render(request, "mail/detail.html", {"mail": message, "message_id": message_id(message)})


def _only_in_demonstration() -> None:
    if not settings.DENTELLE_DEMO:
        raise Http404
