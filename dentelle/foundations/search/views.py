from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.search import queries, registry

MOST_TYPED = 200


@members()
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What answers to the words typed in the page head, by kind; as a fragment while one is typing."""
    text = request.GET.get("q", "")[:MOST_TYPED].strip()
    groups = queries.search(text, request.membership)  # type: ignore[attr-defined]
    count = sum(len(group.hits) for group in groups)
    # the box of the page head shows what was typed, and answers while one types
    elsewhere = [(place.label, place.url(text)) for place in registry.elsewhere()] if text else []
    context = {"elsewhere": elsewhere, "text": text, "text_searched": text, "groups": groups, "count": count}
    # the fragment is asked by htmx; the browser's history asks for the whole page again
    fragment = (
        request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    )
    return render(request, "search/_groups.html" if fragment else "search/results.html", context)
