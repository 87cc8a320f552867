from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.opendata.marts.serving_filters import Keyset
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.thread.purchases import actions, columns, criteria, forms, listing, organisation, queries, sheet
from dentelle.thread.purchases.access import may_import, saved_views_visible_to
from dentelle.thread.purchases.territories import ANOTHER


@members()
@require_safe
def purchase_list(request: HttpRequest) -> HttpResponse:
    """What comes back, as a list one can filter, order, keep and take away."""
    membership = request.membership  # type: ignore[attr-defined]
    if request.GET.get("territoire") == ANOTHER:
        return redirect(_choose_territory(request))
    form, asked = criteria.read(
        request.GET, membership, today=timezone.localdate(), chosen=actions.chosen_columns(membership)
    )
    context = {"form": form, "views": saved_views_visible_to(membership), "may_import": may_import(membership)}
    context |= {"asked": asked, "columns": columns.COLUMNS}
    try:
        context |= {"list": listing.read(asked, _place(request))}
    except StoreMissing as missing:
        context |= {"missing": str(missing)}
    return render(request, "purchases/list.html", context)


def _choose_territory(request: HttpRequest) -> str:
    """The search for a territory, which comes back to this list with its other filters."""
    kept = criteria.query_of(request.GET.urlencode())
    kept.pop("territoire", None)
    return f"{reverse('territory:choose')}?{urlencode({'achats': kept.urlencode()})}"


def _place(request: HttpRequest) -> Keyset | None:
    """The place in the list: ``apres`` or ``avant`` a row, as written by ``listing``. An unreadable one is the beginning."""
    for name, backwards in (("avant", True), ("apres", False)):
        value, _, key = request.GET.get(name, "").partition("~")
        if key and value.lstrip("-").isdecimal() and len(value) < 20:
            return Keyset(int(value), key[:40], backwards)
    return None


@members()
@require_safe
def contract(request: HttpRequest, contract_key: str) -> HttpResponse:
    """One contract, with where each fact comes from."""
    page = queries.contract_page(contract_key)
    if page is None:
        raise Http404
    back = criteria.query_of(request.GET.get("liste", "")[:2000]).urlencode()
    return render(
        request,
        "purchases/contract.html",
        {
            "page": page,
            "facts": page.facts,
            "sheet": sheet.sheet_of(page),
            "current": "purchase",
            "thread_urls": {"territory": _reverse_if_any("territory:home")},
            "back": reverse("purchases:list") + (f"?{back}" if back else ""),
        },
    )


@members()
@require_safe
def of_organisation(request: HttpRequest, number: str) -> HttpResponse:
    """Where public purchases data show an organisation, as buyer and as holder: a fragment for its page, or a page."""
    try:
        shown = organisation.purchases_of(number)
    except StoreMissing:
        shown = None
    fragment = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    template = "purchases/_organisation.html" if fragment else "purchases/organisation.html"
    return render(request, template, {"shown": shown, "number": number})


def _reverse_if_any(name: str) -> str:
    from django.urls import NoReverseMatch

    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@members(harmless="their own saved views")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present list under a name."""
    form = forms.ViewNameForm(request.POST)
    address = criteria.query_of(request.POST.get("query", "")[:2000]).urlencode()
    if form.is_valid():
        try:
            view = actions.save_view(
                request.membership,  # type: ignore[attr-defined]
                name=form.cleaned_data["nom"],
                query=form.cleaned_data["query"],
                at=timezone.now(),
            )
            messages.success(request, f"Vue « {view.name} » enregistrée : elle est dans « Vos vues ».")
        except actions.ViewNameTaken:
            messages.error(
                request,
                f"Vous avez déjà une vue « {form.cleaned_data['nom']} » : choisissez un autre nom, ou oubliez l’autre.",
            )
    else:
        messages.error(request, "Donnez un nom à la vue (80 caractères au plus) pour l’enregistrer.")
    return redirect(f"{reverse('purchases:list')}?{address}")


@members(harmless="their own saved views")
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view."""
    if not actions.delete_view(request.membership, pk, at=timezone.now()):  # type: ignore[attr-defined]
        raise Http404
    messages.success(request, "Vue oubliée. La liste elle-même n’a pas changé.")
    return redirect("purchases:list")


@members(harmless="their own choice of columns")
@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Remember the columns of the list."""
    actions.choose_columns(request.membership, request.POST.getlist("colonnes"), at=timezone.now())  # type: ignore[attr-defined]
    kept = criteria.query_of(request.POST.get("query", "")[:2000])
    kept.pop("colonnes", None)
    return redirect(f"{reverse('purchases:list')}?{kept.urlencode()}")


@members(harmless="a file of what they may read")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Ask for the list as a file: a background job, whose page gives it."""
    form = request.POST.get("format", "")
    if form not in {"csv", "xlsx"}:
        raise Http404
    job = actions.ask_export(
        request.membership,  # type: ignore[attr-defined]
        query=request.POST.get("query", "")[:2000],
        chosen=request.POST.getlist("colonnes"),
        form=form,
        at=timezone.now(),
    )
    return redirect("jobs:detail", uuid=job.uuid)


@members()
@require_safe
def buyer_options(request: HttpRequest) -> HttpResponse:
    """Buyers whose name contains what is being typed, as options of the field."""
    text = request.GET.get("acheteur", "").strip()[:100]
    try:
        found = queries.buyers_called(text, limit=12) if len(text) > 1 else []
    except StoreMissing:
        found = []
    return render(request, "purchases/_buyers.html", {"buyers": found})
