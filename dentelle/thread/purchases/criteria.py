"""What a person asked of the list, read from the address: filters, order, columns; and the sentence that says it back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.marts.serving_filters import PurchaseFilters, Sort
from dentelle.thread.purchases import columns, wording
from dentelle.thread.purchases.forms import FilterForm
from dentelle.thread.territory.queries import useful_hours, window_of
from dentelle.web.formatting import hours, money, month

MONTHS_BY_DEFAULT = 24
# parameters that change what is listed or how; the others (place in the list) are dropped from saved addresses
KEPT = (
    "q",
    "depuis",
    "mois",
    "territoire",
    "acheteur",
    "cpv",
    "min",
    "max",
    "obligation",
    "clause",
    "confiance",
    "metier",
    "heures",
    "remplaces",
    "tri",
    "sens",
    "colonnes",
)
_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
_REQUIRED = {"oui": "yes", "non": "no", "a-verifier": "to_check"}
_SOCIAL = {"oui": "considered", "non": "none", "non-renseigne": "not_stated"}
_CONFIDENCE = {"forte": "high", "moyenne": "medium", "faible": "low"}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in the sentence; ``remove_url`` is the list without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """A valid question. ``query`` is its address without the place in the list.

    ``notes`` say which filters could not be read and are left out; ``order`` says how the rows are sorted.
    """

    filters: PurchaseFilters
    sort: Sort
    sort_column: str
    columns: tuple[str, ...]
    chips: tuple[Chip, ...]
    query: QueryDict
    territory: str
    territory_name: str
    window: tuple[date, date] | None
    order: str
    notes: tuple[str, ...] = ()


def query_of(text: str) -> QueryDict:
    """Return the parameters of a list's address, those that count only, in the same order whatever their order was."""
    given, kept = QueryDict(text), QueryDict(mutable=True)
    for name in KEPT:
        values = [value for value in given.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
    return kept


def read(
    query: QueryDict, membership: Membership, *, today: date, chosen: Sequence[str]
) -> tuple[FilterForm, Criteria]:
    """Return the form as filled in, and the question it asks, without the filters that cannot be read: ``notes`` name them.

    ``chosen`` are the columns this person last chose; the address has the last word.
    """
    query = _translated(query)
    form = FilterForm(query, membership=membership, today=today)
    if form.is_valid():
        return form, _criteria(form, query, today, chosen, ())
    unread = tuple(form.errors)
    readable = query.copy()
    for name in unread:
        readable.pop(name, None)
    understood = FilterForm(readable, membership=membership, today=today)
    if not understood.is_valid():
        raise ValueError(f"filters still unreadable without {unread}: {understood.errors.as_json()}")
    notes = tuple(_note(str(form.fields[name].label or "ordre")) for name in unread)
    return form, _criteria(understood, readable, today, chosen, notes)


def _note(label: str) -> str:
    return wording.thin(f"Le filtre « {label} » n’a pas pu être lu : la liste n’en tient pas compte.")


def _criteria(
    form: FilterForm, query: QueryDict, today: date, chosen: Sequence[str], notes: tuple[str, ...]
) -> Criteria:
    said = form.cleaned_data
    window = _window(said, today)
    filters = PurchaseFilters(
        end_from=window[0] if window else None,
        end_before=window[1] if window else None,
        areas=said["territoire"].areas if said["territoire"] else None,
        buyer=said["acheteur"].key if said["acheteur"] else None,
        cpv=said["cpv"],
        amount_min_cents=said["min"],
        amount_max_cents=said["max"],
        required=frozenset(_REQUIRED[code] for code in said["obligation"]),
        social=frozenset(_SOCIAL[code] for code in said["clause"]),
        confidence=frozenset(_CONFIDENCE[code] for code in said["confiance"]),
        trade=said["metier"] or None,
        words=said["q"],
        with_hours=said["heures"],
        coming_back_only=not said["remplaces"],
    )
    asked = said["tri"] or "fin"
    useful = useful_hours(today) if asked == columns.PRIORITY else 0
    kept = query_of(query.urlencode())
    shown = columns.known(query.getlist("colonnes") or chosen)
    if said["heures"] and "heures" not in shown:
        # hours are what this list adds up: they show beside each line
        shown = columns.known([*shown, "heures"])
    return Criteria(
        filters=filters,
        sort=Sort(columns.SORTS[asked], descending=said["sens"] == "desc", useful_hours=useful),
        sort_column=asked,
        columns=shown,
        chips=tuple(_chips(said, window, kept)),
        query=kept,
        territory=said["territoire"].parameter if said["territoire"] else "",
        territory_name=said["territoire"].name if said["territoire"] else "",
        window=window,
        order=_order(asked, said["sens"] == "desc", useful),
        notes=notes,
    )


def _order(asked: str, descending: bool, useful: int) -> str:
    """Return how the rows are sorted, in words: « par montant attribué, décroissant »."""
    if asked == columns.PRIORITY:
        return (
            f"d’abord les marchés à condition sociale obligatoire d’au moins {hours(useful)} possibles, puis les autres "
            "obligatoires, ceux à vérifier et le reste, chacun par fin estimée"
        )
    if asked == "fin" and not descending:
        return "dans l’ordre des fins estimées"
    return f"par {columns.COLUMNS[asked].header.lower()}, ordre {'décroissant' if descending else 'croissant'}"


def _translated(query: QueryDict) -> QueryDict:
    """Return an address in this room's own words: other rooms say « fin_de », « fin_a » (both included) and codes."""
    told = query.copy()
    first, last = (_MONTH.fullmatch(query.get(name, "")) for name in ("fin_de", "fin_a"))
    if first and last:
        months = (int(last[1]) - int(first[1])) * 12 + int(last[2]) - int(first[2]) + 1
        if months > 0:
            told["depuis"], told["mois"] = first[0], str(months)
    codes = {code: word for word, code in _REQUIRED.items()}
    if "obligation" in told:
        told.setlist("obligation", [codes.get(value, value) for value in told.getlist("obligation")])
    return told


def _window(said: dict[str, Any], today: date) -> tuple[date, date] | None:
    months = MONTHS_BY_DEFAULT if said["mois"] is None else said["mois"]
    if months == 0:
        return None
    if said["depuis"] is None:
        return window_of(today, months)
    first = said["depuis"].year * 12 + said["depuis"].month - 1
    last = first + months
    return said["depuis"], date(last // 12, last % 12 + 1, 1)


def without(query: QueryDict, *names: str, **changed: str) -> str:
    """Return the address of the list without some parameters, or with others changed."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    for name, value in changed.items():
        kept[name] = value
    return "?" + kept.urlencode()


def _chips(said: dict[str, Any], window: tuple[date, date] | None, query: QueryDict) -> list[Chip]:
    chips = []

    def add(label: str, *names: str, **changed: str) -> None:
        chips.append(Chip(wording.thin(label), without(query, *names, **changed)))

    if said["territoire"]:
        # without this, the structure's own territory would come back
        add(said["territoire"].name, territoire="france")
    if window:
        last = window[1].year * 12 + window[1].month - 2
        until = date(last // 12, last % 12 + 1, 1)
        add(f"fin estimée de {month(window[0])} à {month(until)}", "depuis", mois="0")
    if said["q"]:
        add(f"contient « {said['q']} »", "q")
    if said["acheteur"]:
        add(f"acheteur : {said['acheteur'].name}", "acheteur")
    if said["cpv"]:
        add("CPV " + ", ".join(said["cpv"]), "cpv")
    if said["min"] is not None:
        add(f"au moins {money(said['min'])}", "min")
    if said["max"] is not None:
        add(f"au plus {money(said['max'])}", "max")
    for name, label, codes, words in (
        ("obligation", "condition sociale obligatoire", _REQUIRED, wording.REQUIRED),
        ("confiance", "confiance", _CONFIDENCE, wording.CONFIDENCE),
    ):
        if said[name]:
            add(f"{label} : {' ou '.join(words[codes[code]] for code in said[name])}", name)
    if said["clause"]:
        named = {"oui": "oui", "non": "non", "non-renseigne": "non renseigné"}
        add("clause la dernière fois : " + " ou ".join(named[code] for code in said["clause"]), "clause")
    if said["metier"]:
        add(f"métier : {said['metier']}", "metier")
    if said["heures"]:
        add("heures estimées", "heures")
    if not said["remplaces"]:
        add("hors marchés déjà remplacés et commandes d’accords-cadres", remplaces="oui")
    return chips
