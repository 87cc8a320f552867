"""Where a person stands: the hat they wear, and the one page of those whose structure is not at work."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dentelle.foundations.doors import signed_in
from dentelle.foundations.organisations.middleware import wear


@signed_in("a person with several hats chooses under which one they act, whichever they wear")
@require_POST
def wear_hat(request: HttpRequest) -> HttpResponse:
    """Act from now on as another of one's own hats, in this session."""
    hat = request.hats.find(request.POST.get("hat", ""))  # type: ignore[attr-defined]
    if hat is None:
        raise Http404
    wear(request, hat)
    return redirect("home")


def waiting(request: HttpRequest) -> HttpResponse:
    """The page of a person for whom nothing opens: structure not approved yet, refused or closed, or no structure at all."""
    hat = request.hat  # type: ignore[attr-defined]
    structure = getattr(hat.held, "structure", None) if hat else None
    return render(request, "structures/waiting.html", {"waiting_for": structure})
