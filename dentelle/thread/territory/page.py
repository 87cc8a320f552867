"""From the figures of a territory to what its page shows: sentences, charts, links to the lines behind each figure."""

from dataclasses import dataclass
from typing import Any

from dentelle.opendata.ground.store import Ground
from dentelle.opendata.marts.serving_territory import together
from dentelle.thread.territory import queries
from dentelle.thread.territory.links import address
from dentelle.thread.territory.outlines import ATTRIBUTION, department_outlines
from dentelle.thread.territory.overview import TerritoryOverview
from dentelle.thread.territory.queries import Chosen
from dentelle.web.charts import (
    Area,
    Chart,
    Column,
    IntervalBar,
    RateRow,
    Series,
    choropleth,
    interval_bars,
    rate_dots,
    stacked_columns,
)
from dentelle.web.formatting import hours, month, number, percent, plural, prose_date, quarter

TRADES_SHOWN = 8
SMALL_COUNT = 30
_PRECISIONS = {
    "commune": "à la commune",
    "postal": "au code postal",
    "epci": "à l’intercommunalité",
    "department": "au département",
    "region": "à la région",
    "country": "« France »",
    "unknown": "lieu non renseigné",
}
_EXCLUDED = {
    "amount_unusable": "au montant absent ou inutilisable",
    "amount_repeated": "déjà comptés, ou en doute, sous le même numéro",
    "concession_without_cpv": "de concession (CPV non publié pour les concessions)",
    "no_cpv": "sans code CPV",
    "no_trade": "sans métier d’insertion connu",
    "already_replaced": "déjà remplacés",
    "subsequent": "passés sur un accord-cadre",
}


@dataclass(frozen=True, slots=True)
class MandatoryLine:
    """One contract coming back that must carry a social condition."""

    row: Any
    url: str
    calibrate_url: str


def territory_page(overview: TerritoryOverview, chosen: Chosen) -> dict[str, Any]:
    """Return the context of ``territory/home.html``."""
    last_month = _month_before(overview.end)
    known = overview.known
    return {
        "territory": chosen,
        "overview": overview,
        "until": last_month,
        "title": _title(overview, last_month),
        "lead": _lead(overview, chosen, last_month),
        "words": _words(overview),
        "choose_url": address("territory:choose"),
        "save_url": "" if chosen.saved or chosen.is_country else address("territory:choose", partie=chosen.parameter),
        "links": _links(overview, chosen),
        "charts": {
            "quarters": _quarters(overview, chosen),
            "trades": _trades(overview, chosen),
            "clause": _clause(overview, chosen),
            "departments": _departments(overview, chosen),
        },
        "mandatory": [
            MandatoryLine(
                row, address("purchases:contract", row.contract_key), address("clauses:new", achat=row.contract_key)
            )
            for row in overview.mandatory
        ],
        "useful_hours": overview.useful_hours,
        "shares": {
            name: (_share(known.contracts - stated, known.contracts), _base(known.contracts - stated, known.contracts))
            for name, stated in (
                ("amount_unknown", known.with_usable_amount),
                ("social_unknown", known.social_stated),
                ("duration_guessed", known.with_published_duration),
                ("buyer_unnamed", known.buyer_named),
            )
        },
        "precisions": [
            (_PRECISIONS.get(code, code), count, _share(count, known.contracts))
            for code, count in overview.precisions.items()
        ],
        "excluded": [(_EXCLUDED.get(code, code), count) for code, count in overview.hours_excluded.items()],
        "excluded_total": sum(overview.hours_excluded.values()),
        "rejected": _whole(overview.meta.get("rejected")),
        "read": _whole(overview.meta.get("read")),
        "last_published_on": overview.meta.get("last_published_on"),
        "as_of": _as_of(overview),
    }


def _title(overview: TerritoryOverview, last_month: str) -> str:
    count = overview.coming_back
    verb = "revient" if count < 2 else "reviennent"
    if not count:
        return f"Aucun marché connu ne revient d’ici {month(last_month)}"
    return f"{plural(count, 'marché')} {verb} d’ici {month(last_month)}"


def _lead(overview: TerritoryOverview, chosen: Chosen, last_month: str) -> str:
    people = "" if chosen.population is None else f", {plural(chosen.population, 'habitant')}"
    communes = "" if chosen.kind == "commune" else f", {plural(len(chosen.communes), 'commune')}"
    ends = f"fin estimée de {month(overview.start)} à {month(last_month)}"
    as_of = _as_of(overview)
    dated = f" ; données au {prose_date(as_of)}" if as_of else ""
    duration = _share(overview.known.with_published_duration, overview.known.contracts)
    covered = f" ; durée publiée pour {percent(duration)} d’entre eux" if overview.coming_back else ""
    return f"{chosen.name} ({chosen.kind_label}{communes}{people}) ; {ends}{covered}{dated}."


def _words(overview: TerritoryOverview) -> dict[str, Any]:
    """The words around the four figures at the top."""
    low, central, high = overview.hours
    own = overview.clause[0].counts
    yes, check = overview.required["yes"], overview.required["to_check"]
    return {
        "yes": "marché à condition sociale obligatoire" if yes < 2 else "marchés à condition sociale obligatoire",
        "of_all": f"sur {plural(overview.coming_back, 'marché')} qui {'revient' if overview.coming_back < 2 else 'reviennent'}",
        "to_check": "marché à vérifier" if check < 2 else "marchés à vérifier",
        "why_check": "acheteur, objet ou montant ne suffit pas à conclure",
        "hours": central if overview.trades else None,
        "hours_unit": "h" if overview.trades else "",
        "hours_interval": f"de {number(low)} à {hours(high)}" if overview.trades else "",
        "hours_status": "to_confirm" if overview.hours_uncertain else "",
        "rate": percent(own.considered / own.stated) if own.stated else None,
        "rate_counts": f"{number(own.considered)} sur {number(own.stated)} qui le disent" if own.stated else "",
        "rate_unknown": _share(own.not_stated, own.total),
        "rate_base": _base(own.not_stated, own.total),
        "coverage": f"{plural(overview.known.contracts, 'marché')} de {plural(overview.buyers, 'acheteur')} sur ce territoire",
    }


def _links(overview: TerritoryOverview, chosen: Chosen) -> dict[str, str]:
    return {
        "all": _purchases(overview, chosen),
        "yes": _purchases(overview, chosen, obligation="oui", tri="priorite"),
        "to_check": _purchases(overview, chosen, obligation="a-verifier"),
        "hours": _purchases(overview, chosen, heures="oui", tri="heures", sens="desc"),
        # the rate is taken over every contract known that says yes or no, whatever its date
        "rate": _purchases(overview, chosen, depuis="", mois="0", remplaces="oui", clause=["oui", "non"]),
    }


def _purchases(overview: TerritoryOverview, chosen: Chosen, **filters: str | list[str]) -> str:
    months = (overview.end.year - overview.start.year) * 12 + overview.end.month - overview.start.month
    window = {"depuis": f"{overview.start:%Y-%m}", "mois": str(months)}
    return address("purchases:list", territoire=chosen.parameter, **(window | filters))


def _quarters(overview: TerritoryOverview, chosen: Chosen) -> Chart:
    columns = []
    for line in overview.quarters:
        year, _, rank = line.quarter.partition("-T")
        opening = int(year) * 12 + int(rank) * 3 - 3
        first = max(opening, overview.start.year * 12 + overview.start.month - 1)
        months = min(opening + 3, overview.end.year * 12 + overview.end.month - 1) - first
        window = {"depuis": f"{first // 12}-{first % 12 + 1:02d}", "mois": str(months)}
        urls = tuple(
            _purchases(overview, chosen, **window, obligation=answer) for answer in ("oui", "a-verifier", "non")
        )
        values = (line.yes, line.to_check, line.no)
        columns.append(Column(f"T{rank}", year, quarter(line.quarter), values, urls))
    yes, check = overview.required["yes"], overview.required["to_check"]
    title = f"{plural(yes, 'marché')} {'devra' if yes < 2 else 'devront'} porter une condition sociale"
    return stacked_columns(
        "trimestres",
        title if yes else "Aucun marché dont l’obligation soit sûre",
        columns=columns,
        series=[Series("obligatoire", "strong"), Series("à vérifier", "hatched"), Series("non obligatoire", "pale")],
        counted="marché",
        context=f"Par trimestre de fin estimée ; {number(check)} à vérifier faute de savoir l’acheteur, l’objet ou le montant.",
        note="Le premier et le dernier trimestre peuvent être incomplets. Les montants publiés sont des attributions, non des "
        "estimations : l’obligation du prochain marché reste à confirmer sur son estimation.",
    )


def _trades(overview: TerritoryOverview, chosen: Chosen) -> Chart | None:
    if not overview.trades:
        return None
    shown = overview.trades[:TRADES_SHOWN]
    bars = [
        IntervalBar(
            trade.name or trade.trade,
            trade.low,
            trade.central,
            trade.high,
            trade.uncertain,
            _purchases(overview, chosen, metier=trade.trade, heures="oui"),
        )
        for trade in shown
    ]
    left = overview.trades[TRADES_SHOWN:]
    rest = f" {plural(len(left), 'autre métier', 'autres métiers')} : {hours(together(left)[1])}." if left else ""
    uncertain = sum(trade.uncertain for trade in overview.trades)
    doubt = (
        f" Hachures et « ? » : part de main-d’œuvre à confirmer ({uncertain} métiers sur {len(overview.trades)})."
        if uncertain
        else ""
    )
    return interval_bars(
        "metiers",
        f"{shown[0].name or shown[0].trade} : {hours(shown[0].central)} possibles, le premier métier",
        bars=bars,
        named="Métier",
        unit="h",
        context="Heures d’insertion que ces marchés pourraient porter. Barre : valeur centrale ; trait : de basse à haute.",
        note=f"Montant × part de main-d’œuvre × effort ÷ coût horaire.{doubt}{rest}",
    )


def _clause(overview: TerritoryOverview, chosen: Chosen) -> Chart:
    rows = [
        RateRow(
            row.name,
            row.counts.considered,
            row.counts.stated,
            row.counts.total,
            asked=row.role == "asked",
            small=row.counts.stated < SMALL_COUNT,
            url=address("territory:home", territoire=row.parameter),
        )
        for row in overview.clause
    ]
    own = rows[0]
    if own.rate is None:
        title = "Aucun marché d’ici ne dit s’il porte une considération sociale"
    else:
        title = f"{percent(own.rate)} des marchés qui le disent ont une considération sociale"
    compared = (
        "comparés à ceux de territoires de population voisine"
        if len(rows) > 2
        else "comparés à ceux de toute la France"
        if len(rows) > 1
        else ""
    )
    return rate_dots(
        "clauses",
        title,
        rows=rows,
        counted="avec considération sociale",
        context=f"Tous les marchés connus, {compared}." if compared else "Tous les marchés connus.",
        note=f"Taux sur les marchés qui renseignent ce champ : {percent(own.coverage)} de {number(own.total)} ici. Le format de 2019 "
        f"ne le demandait pas. Sous {SMALL_COUNT} marchés renseignés, lire les effectifs plutôt que le taux.",
    )


def _departments(overview: TerritoryOverview, chosen: Chosen) -> Chart | None:
    if not overview.departments:
        return None
    outlines, view_box = department_outlines(frozenset(code for code, _ in overview.departments))
    if not outlines:
        return None
    reference: Ground = queries.ground()
    areas = [
        Area(
            code,
            reference.name_of("department", code) or code,
            count,
            address("territory:home", territoire=f"department:{code}"),
        )
        for code, count in overview.departments
    ]
    first = max(areas, key=lambda area: (area.value or 0, area.code))
    return choropleth(
        "departements",
        f"{first.name} : {plural(first.value, 'marché')}, le département où il en revient le plus",
        areas=areas,
        outlines=outlines,
        view_box=view_box,
        measured="marchés",
        note="Département du lieu d’exécution, ou du siège de l’acheteur quand le lieu n’est pas plus précis qu’une "
        f"région. {ATTRIBUTION}.",
    )


def _as_of(overview: TerritoryOverview) -> str | None:
    """The day the data are of; the day they were foreseen at when the data do not say."""
    return overview.meta.get("data_as_of") or overview.meta.get("as_of")


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _base(part: int, whole: int) -> str:
    """What a share is taken over: « 1 204 sur 3 010 »."""
    return f"{number(part)}\u00a0sur\u00a0{number(whole)}" if whole else ""


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _month_before(end: Any) -> str:
    rank = end.year * 12 + end.month - 2
    return f"{rank // 12}-{rank % 12 + 1:02d}"
