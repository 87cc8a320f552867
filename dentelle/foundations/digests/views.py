from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.digests import actions
from dentelle.foundations.digests.content import TEMPLATE, Collected, content_of
from dentelle.foundations.digests.forms import DaysForm
from dentelle.foundations.digests.queries import days_of
from dentelle.foundations.digests.stopping import stopped_by
from dentelle.foundations.doors import public, signed_in
from dentelle.foundations.messages.rendering import rendered


# a mail programme sends the POST of RFC 8058 by itself, without session nor page: the signed address is the proof
@csrf_exempt
@public("whoever got the e-mail stops it without signing in; the signed address names one person and does only this")
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the daily e-mail: a GET shows a button and changes nothing."""
    user = stopped_by(token)
    if user is None:
        raise Http404
    stopped = request.method == "POST"
    if stopped:
        actions.stop(user, at=timezone.now())
    return render(request, "digests/stop.html", {"stopped": stopped})


@signed_in("one's own e-mails, whatever one acts as")
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest) -> HttpResponse:
    """The days one gets the daily e-mail."""
    if request.method != "POST":
        form = DaysForm(initial={"days": list(days_of(request.user))})  # type: ignore[arg-type]
        return render(request, "digests/days.html", {"form": form})
    form = DaysForm(request.POST)
    if not form.is_valid():
        return render(request, "digests/days.html", {"form": form}, status=422)
    kept = actions.choose_days(request.user, form.cleaned_data["days"], at=timezone.now())  # type: ignore[arg-type]
    messages.success(request, "Jours enregistrés." if kept else "Vous ne recevrez plus de récapitulatif.")
    return redirect("mfa_index")


@signed_in("what one's own e-mail would say now")
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """The e-mail one would get if it left now; opening it sends nothing."""
    content = content_of(request.user, Collected(timezone.now()))  # type: ignore[arg-type]
    text = rendered(TEMPLATE, content.context)[0] if content else ""
    return render(request, "digests/preview.html", {"content": content, "text": text})
