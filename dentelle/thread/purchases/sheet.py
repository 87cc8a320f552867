"""The page of one contract in words: facts with where each comes from, how the end and the obligation are reasoned."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dentelle.opendata.text import fold
from dentelle.rules.trades import cpv_divisions
from dentelle.thread.purchases import places, wording
from dentelle.thread.purchases.lines import Line, calibrate_url, line_of
from dentelle.thread.purchases.queries import ContractPage
from dentelle.web.formatting import hours, money, month, number, prose_date, table_date


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a label, a value in words, where it comes from (empty: as published), the code behind a name."""

    label: str
    value: str
    source: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows besides the tables of the store."""

    title: str
    buyer: str
    identity: tuple[Fact, ...]
    money: tuple[Fact, ...]
    end: tuple[str, ...]
    end_facts: tuple[Fact, ...]
    obligation: tuple[str, ...]
    confidence: tuple[str, ...]
    chain: tuple[Line, ...]
    chain_why: str
    holders: tuple[tuple[dict[str, Any], str], ...]  # with where the name comes from
    defects: tuple[str, ...]
    hours: str
    hours_why: str  # why there are none
    calibrate_url: str


def sheet_of(page: ContractPage) -> Sheet:
    """Return the page of a contract in words."""
    facts = page.facts
    return Sheet(
        title=wording.thin(facts["object"] or "Objet non renseigné"),
        buyer=_buyer(facts),
        identity=tuple(_identity(facts)),
        money=tuple(_money(facts)),
        end=tuple(map(wording.thin, _end(facts))),
        end_facts=tuple(_end_facts(facts)),
        obligation=tuple(map(wording.thin, _obligation(facts, page.meta))),
        confidence=tuple(map(wording.thin, wording.sentences(facts["confidence_reasons"], wording.REASONS))),
        chain=tuple(line_of(row) for row in page.chain),
        chain_why=wording.thin(wording.CHAIN.get(facts["chain_status"] or "", "")),
        holders=tuple((holder, _holder_source(holder)) for holder in page.holders),
        defects=tuple(map(wording.thin, _defects(facts["flags"]))),
        hours=_hours(facts),
        hours_why=wording.NO_HOURS.get(facts["hours_excluded"] or "", ""),
        calibrate_url=calibrate_url(facts["contract_key"]),
    )


def _known(value: Any) -> str:
    return "non renseigné" if value in (None, "") else str(value)


def _buyer(facts: dict[str, Any]) -> str:
    return wording.named(facts["buyer_name"], facts["buyer_id"]) or "Acheteur non renseigné"


def _identity(facts: dict[str, Any]) -> list[Fact]:
    # « nom inconnu » is said beside the identifier already
    source = wording.BUYER_NAME.get(facts["buyer_name_source"] or "", "") if facts["buyer_name"] else ""
    return [
        Fact("Acheteur", _buyer(facts), source),
        Fact("SIRET de l’acheteur", _known(facts["buyer_id"])),
        Fact("Catégorie d’acheteur", wording.BUYER_KIND.get(facts["buyer_kind"] or "unknown", ""), "déduite"),
        Fact("Numéro chez l’acheteur", _known(facts["number"])),
        Fact("Nature", _known(facts["nature"])),
        Fact(
            "Type",
            wording.CONTRACT_KIND.get(facts["contract_kind"] or "unknown", ""),
            "" if facts["contract_kind"] == "concession" else "déduit du CPV",
        ),
        Fact(
            "CPV",
            wording.cpv(facts["cpv"], facts["contract_kind"]),
            cpv_divisions().get((facts["cpv"] or "")[:2], ""),
        ),
        Fact("Procédure", _known(facts["procedure"])),
        _place(facts),
        Fact("Notification ou signature", table_date(facts["notified_on"])),
        Fact("Publication", table_date(facts["published_on"])),
        Fact("Offres reçues", number(facts["offers_received"])),
        Fact(
            "Considération sociale",
            wording.social(
                facts["social_status"], facts["social_clause"], facts["social_criterion"], facts["reserved"]
            ),
            "le format 2019 n’en dit rien" if facts["generation"] == "2019" else "",
        ),
    ]


def _place(facts: dict[str, Any]) -> Fact:
    """Where it is executed: the name, its code, the department and EPCI; the name published when it says something else."""
    place = places.namer()(facts["place_area"], facts["place_precision"])
    published = facts["place_name"]
    told = f"publié « {published} »" if published and fold(published) != fold(place.name) else ""
    return Fact(
        "Lieu d’exécution", place.name, wording.thin(" ; ".join(filter(None, (place.within, told)))), place.code
    )


def _holder_source(holder: dict[str, Any]) -> str:
    source = holder["holder_name_source"]
    return "" if source == "published" else wording.HOLDER_NAME.get(source or "unknown", "")


def _money(facts: dict[str, Any]) -> list[Fact]:
    kind = "plafond d’accord-cadre : les commandes peuvent rester loin en dessous"
    flag = facts["amount_flag"] or "missing"
    # an amount another row carries is a real one: it is shown, with why it is not added
    counted_elsewhere = flag in ("repeated", "in_doubt")
    note = kind if facts["amount_kind"] == "ceiling" else "attribué, pas estimé"
    lines = [
        Fact(
            "Plafond attribué" if facts["amount_kind"] == "ceiling" else "Montant attribué",
            money(facts["amount_cents"]) if flag == "ok" or counted_elsewhere else wording.AMOUNT_FLAG.get(flag, ""),
            wording.AMOUNT_FLAG[flag] if counted_elsewhere else note,
        ),
        Fact("Tel que publié", _known(facts["amount_published"])),
    ]
    if facts["initial_amount_cents"] not in (None, facts["amount_cents"]):
        lines.append(Fact("Montant initial", money(facts["initial_amount_cents"]), "avant modification"))
    if (facts["need_lots"] or 1) > 1:
        lines.append(
            Fact(
                "Besoin entier",
                money(facts["need_amount_cents"]) if facts["need_amount_cents"] is not None else "non calculable",
                f"somme de {facts['need_lots']} lots de même numéro : c’est elle qui se compare au seuil",
            )
        )
    return lines


def _end(facts: dict[str, Any]) -> list[str]:
    if facts["estimated_end"] is None:
        missing = "la durée" if facts["effective_on"] else "la date"
        return [f"La fin ne peut pas être estimée : {missing} n’est pas renseignée."]
    start = wording.EFFECTIVE.get(facts["effective_source"], "le début")
    steps = [f"Le point de départ est {start} : {prose_date(facts['effective_on'])}."]
    if facts["duration_source"] == "published":
        steps.append(f"La durée publiée est de {facts['duration_months']} mois, reconductions et tranches comprises.")
    else:
        level = facts["duration_level"]
        everything = "toutes concessions" if facts["contract_kind"] == "concession" else "tous CPV confondus"
        which = everything if level == "*" else f"CPV {level}"
        steps.append(
            f"La durée publiée est absente ou invraisemblable : la médiane ({which}) est prise, {facts['duration_months']} mois."
        )
    steps.append(f"La fin estimée est donc le {prose_date(facts['estimated_end'])}.")
    if facts["chain_next_key"]:
        steps.append("Un marché plus récent du même besoin existe déjà : celui-ci ne reviendra pas de lui-même.")
    elif facts["is_subsequent"]:
        steps.append("C’est une commande d’un accord-cadre : elle revient avec lui, pas d’elle-même.")
    return steps


def _end_facts(facts: dict[str, Any]) -> list[Fact]:
    return [
        Fact("Fin estimée", month(facts["estimated_end"])),
        Fact(
            "Consultation à lancer vers", month(facts["estimated_launch"]), "six mois avant la fin, usage à confirmer"
        ),
        Fact("Préparation à commencer dès", month(facts["prepare_from"]), "trois à quatre mois avant la consultation"),
    ]


def _obligation(facts: dict[str, Any], meta: dict[str, str]) -> list[str]:
    steps = [wording.BASIS.get(facts["obligation_basis"] or "", facts["obligation_basis"] or "Motif non renseigné.")]
    if facts["threshold_eur"] is not None:
        state = (
            "seuil publié"
            if facts["threshold_status"] == "certain"
            else "projection : les seuils de cette date ne sont pas encore publiés, à confirmer"
        )
        steps.append(f"Seuil européen retenu : {money(facts['threshold_eur'] * 100)} ({state}).")
    compared = facts["need_amount_cents"]
    if compared is not None:
        steps.append(
            f"Montant comparé : {money(compared)}, attribué la dernière fois ; l’estimation de la prochaine peut différer."
        )
    if facts["estimated_launch"]:
        steps.append(
            f"Consultation attendue vers {month(facts['estimated_launch'])} (article L2112-2-1 du code de la commande publique)."
        )
    day = meta.get("as_of")
    if day:
        steps.append(f"Calculé le {prose_date(date.fromisoformat(day))} avec les paramètres connus ce jour-là.")
    return steps


def _defects(flags: str | None) -> list[str]:
    from dentelle.opendata.decp import check

    known = {code: defect.sentence for code, defect in check.DEFECTS.items()}
    return wording.sentences(flags, known)


def _hours(facts: dict[str, Any]) -> str:
    if facts["hours_central"] is None:
        return ""
    low, high = number(facts["hours_low"]), hours(facts["hours_high"])
    return f"{hours(facts['hours_central'])} possibles, entre {low} et {high}"
