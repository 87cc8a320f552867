"""What anyone may read of the API: its document, its documentation. And the answer of every address it does not have."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dentelle.foundations.doors import machines, public
from dentelle.web.api.answers import shown
from dentelle.web.api.gate import LARGEST_BODY, REQUESTS, gate
from dentelle.web.api.reference import operations, shapes
from dentelle.web.api.schema import openapi


@public("the document says what the API is, not what is in it; programs read it before they have a token")
@require_safe
def openapi_document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document of the API."""
    return shown(openapi())


@public("the documentation says what the API is, not what is in it; developers read it before they have a token")
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The documentation of the API, for developers."""
    context = {
        "operations": operations(),
        "shapes": shapes(),
        "requests": REQUESTS,
        "largest_kib": LARGEST_BODY // 1024,
    }
    return render(request, "web/api_docs.html", context)


@gate
@machines()
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address under the API: the answer of what does not exist."""
    raise Http404
