"""The words and pieces every page is made of: filters of French typography, and components.

Loaded everywhere (a builtin of the template engine): rooms write ``{{ amount|money }}`` or ``{% figure … %}`` directly.
Each component has its template in ``templates/components/``.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.db.models import Model
from django.forms import BoundField
from django.http import HttpRequest
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dentelle.foundations import doors
from dentelle.foundations.conflicts import opened_with
from dentelle.foundations.journal import queries as journal
from dentelle.foundations.mentions import mentions_of
from dentelle.foundations.sent_forms.actions import FIELD
from dentelle.rules.wording import THIN, of
from dentelle.web import formatting
from dentelle.web.charts import Chart
from dentelle.web.thread import STATIONS, Station, stations_until

register = template.Library()

for _name in (
    "number",
    "points",
    "hundredths",
    "money",
    "short_money",
    "hours",
    "duration",
    "percent",
    "month",
    "short_month",
    "quarter",
):
    register.filter(_name, getattr(formatting, _name))
register.filter("short_quarter", formatting.short_quarter)
register.filter("spaced", stringfilter(formatting.spaced), is_safe=True)
register.filter("of", of)


@register.filter
def prose_date(value: date | datetime | str | None) -> str:
    """« 21 novembre 2026 », in the time zone of the site."""
    return formatting.prose_date(_local(value))


@register.filter
def table_date(value: date | datetime | str | None) -> str:
    """« 21/11/2026 », in the time zone of the site."""
    return formatting.table_date(_local(value))


@register.filter
def counted(count: int | None, words: str) -> str:
    """« 214 marchés » from ``214|counted:"marché"``; an irregular plural follows a comma: ``"canal,canaux"``."""
    singular, _, plural_form = words.partition(",")
    return formatting.plural(count, singular, plural_form)


register.filter("opened_with", opened_with)


@register.filter
def opens_to(address: str, request: HttpRequest) -> bool:
    """Whether a link leads the person somewhere: ``{% if line.calibrate_url|opens_to:request %}``."""
    return bool(address) and doors.opens_to(request, address)


# code → (word on screen, shape that doubles the colour, tone class)
STATUSES: dict[str, tuple[str, str, str]] = {
    "certain": ("certain", "●", "ok"),
    "announced": ("annoncé", "◐", "warn"),
    "local_practice": ("usage local", "◆", "support"),
    "to_confirm": ("à confirmer", "?", "warn"),
    "yes": ("oui", "✓", "thread"),
    "no": ("non", "–", "muted"),
    "to_check": ("à vérifier", "?", "warn"),
    "considered": ("clause ou critère social", "✓", "ok"),
    "none": ("aucune considération sociale", "–", "muted"),
    "not_stated": ("non renseigné", "○", "muted"),
    "high": ("confiance forte", "●", "ok"),
    "medium": ("confiance moyenne", "◐", "support"),
    "low": ("confiance faible", "○", "warn"),
}


@register.simple_tag
def form_key() -> SafeString:
    """The key of a form: with it, the same form sent twice acts once (``foundations.sent_forms``)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4().hex)


@register.inclusion_tag("components/status.html")
def status(code: str | None, label: str = "") -> dict[str, str]:
    """A status badge: shape, word and colour together, never colour alone.

    ``code`` is one of ``STATUSES`` (None is « non renseigné »); ``label`` replaces the word, keeping shape and colour.
    An unknown code is an error: a page never invents a status.
    """
    word, shape, tone = STATUSES[code or "not_stated"]
    return {"word": label or word, "shape": shape, "tone": tone}


@register.inclusion_tag("components/mentions.html")
def mentions(kind: str, pk: int) -> dict[str, Any]:
    """What other rooms say to anybody of an object: ``{% mentions "network" network.pk %}``."""
    return {"mentions": mentions_of(kind, None, pk, on=timezone.localdate())}


@register.inclusion_tag("components/figure.html")
def figure(
    value: Any,
    *,
    counts: str,
    unit: str = "",
    compared: str = "",
    url: str = "",
    unknown: float | None = None,
    unknown_base: str = "",
    status: str = "",
) -> dict[str, Any]:
    """One figure: a number (or a text already written), its unit, what it counts, what it is compared with.

    ``counts`` may give both its forms, « marché|marchés »: the one that agrees with the value is shown.
    ``url`` opens the lines behind it. ``unknown`` is the share of what it counts that is not stated: alone, without a
    value, it gives « non renseigné (37 %) »; ``unknown_base`` says what it is taken over (« 1 204 sur 3 010 »). ``status``
    adds a badge.
    """
    shown = formatting.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    one, _, many = counts.partition("|")
    if many:
        counts = one if isinstance(value, int | float) and abs(value) < 2 else many
    if shown in (None, ""):
        shown, unit = formatting.UNKNOWN, ""
        if unknown is not None:
            shown = f"{formatting.UNKNOWN}{THIN}({formatting.percent(unknown)})"
        unknown = None
    return {
        "value": shown,
        "unit": unit,
        "counts": counts,
        "compared": compared,
        "url": url,
        "unknown": unknown,
        "unknown_base": unknown_base,
        "status": status,
        "is_unknown": str(shown).startswith(formatting.UNKNOWN),
    }


@register.inclusion_tag("components/filter_sentence.html")
def filter_sentence(chips: Sequence[Any], subject: str, clear_url: str = "") -> dict[str, Any]:
    """The filters as a sentence of chips: « Marchés · fin avant mars 2027 ✕ · obligatoires ✕ ».

    Each chip has ``label`` (words of the filter) and ``remove_url`` (the same page without it; none for a fixed filter).
    """
    return {"chips": chips, "subject": subject, "clear_url": clear_url}


@register.inclusion_tag("components/thread.html")
def thread(reached: str, urls: Mapping[str, str] | None = None) -> dict[str, list[Station]]:
    """The thread line across the top of a page, filled up to the station ``reached`` (a code of ``STATIONS``).

    ``urls`` (station code → address) makes the stations already passed links: it is the breadcrumb of the thread.
    """
    return {"stations": stations_until(reached, urls or {})}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*steps: str) -> dict[str, list[tuple[str, str]]]:
    """Where the page is: ``{% breadcrumb "Achats" url_list "Marché 2024-31" %}``; label, address, …, the page itself."""
    pairs = [(steps[rank], steps[rank + 1] if rank + 1 < len(steps) else "") for rank in range(0, len(steps), 2)]
    return {"steps": pairs}


@register.inclusion_tag("components/empty_state.html")
def empty_state(what: str, *, why: str, step: str = "", url: str = "", command: str = "") -> dict[str, str]:
    """An empty place says what will be here, why it is empty, and the one next step (a link, or a command to run)."""
    return {"what": what, "why": why, "step": step, "url": url, "command": command}


@register.inclusion_tag("components/pager.html")
def pager(previous_url: str = "", next_url: str = "", position: str = "") -> dict[str, str]:
    """Keyset pages: previous and next when they exist, and where one is (« 51 à 100 sur 2 314 »)."""
    return {"previous_url": previous_url, "next_url": next_url, "position": position}


@register.inclusion_tag("components/sort_header.html")
def sort_header(label: str, *, url: str, direction: str = "", number: bool = False) -> dict[str, Any]:
    """A column header that sorts: ``url`` asks for the next order, ``direction`` (asc, desc or empty) is the present one."""
    words = {"asc": "ascending", "desc": "descending"}
    return {"label": label, "url": url, "direction": direction, "aria_sort": words.get(direction, ""), "number": number}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, unit: str = "") -> dict[str, Any]:
    """A form field: label above, help before the box, unit beside it, errors under it and tied to it for a screen reader.

    A box of several lines says its limit and what is left; the browser cuts nothing, the server refuses what is too long.
    """
    name, kind, grouped = bound.auto_id or bound.html_name, bound.widget_type, bound.use_fieldset
    limit = getattr(bound.field, "max_length", None) if kind == "textarea" else None
    parts = (("help", bound.help_text), ("limit", limit), ("error", bound.errors))
    named = [f"{name}-{part}" for part, there in parts if there]
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(named)} if named else {}
    if limit:
        attrs |= {"maxlength": False, "data-limit": str(limit)}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if not grouped:  # Django would also put the class on the box around the choices
        css = {"checkbox": "form-check-input", "select": "form-select"}.get(kind, "form-control")
        attrs["class"] = f"{bound.field.widget.attrs.get('class', '')} {css}".strip()
    widget = bound.as_widget(attrs=attrs)
    return {
        "field": bound,
        "name": name,
        "widget": widget,
        "unit": unit,
        "kind": kind,
        "grouped": grouped,
        "limit": limit,
    }


@register.inclusion_tag("components/explanation.html")
def explanation(steps: Sequence[Any], title: str = "Comment ce résultat est obtenu") -> dict[str, Any]:
    """Why a result is what it is: sentences (text, or objects with ``text`` and perhaps ``source``, ``url``, ``status``)."""
    return {"steps": [{"text": step} if isinstance(step, str) else step for step in steps], "title": title}


@register.inclusion_tag("components/provenance.html")
def provenance(
    source: str, *, as_of: date | datetime | str | None = None, coverage: str = "", url: str = ""
) -> dict[str, Any]:
    """The line under figures: where they come from, at what date, and what they cover."""
    return {"source": source, "as_of": as_of, "coverage": coverage, "url": url}


@register.inclusion_tag("components/chart.html")
def chart(drawing: Chart, heading: int = 2) -> dict[str, Any]:
    """A chart of ``dentelle.web.charts``: one message as a title (``h2`` by default), the drawing, the data beneath."""
    return {"chart": drawing, "heading": heading}


@register.inclusion_tag("components/timeline.html", takes_context=True)
def timeline(context: Mapping[str, Any], subject: Model, also: Sequence[Model] = ()) -> dict[str, Any]:
    """What was done to an object (and to those of ``also``), latest first, as the person who reads may know it.

    Older acts are a link to the same page (``?journal=``): each page of them is one query.
    """
    request = context["request"]
    asked = request.GET.get("journal", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    viewer = getattr(request, "membership", None) or getattr(request, "network_seat", None)
    page = journal.timeline(subject, viewer=viewer, also=also, before=before)
    older = f"?journal={page.older}#journal" if page.older else ""
    return {"events": page.events, "older_url": older, "latest_url": f"{request.path}#journal" if before else ""}


@register.inclusion_tag("components/keyboard_help.html")
def keyboard_help(*pairs: str) -> dict[str, list[tuple[str, str]]]:
    """The overlay that « ? » opens: ``{% keyboard_help "j" "ligne suivante" "k" "ligne précédente" %}``."""
    return {"keys": list(zip(pairs[::2], pairs[1::2], strict=True))}


def _local(value: date | datetime | str | None) -> date | datetime | str | None:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


__all__ = ["STATIONS", "STATUSES", "register"]
