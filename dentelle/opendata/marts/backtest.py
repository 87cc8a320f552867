"""What foreseeing would have been worth: stand at a past date, foresee, then look at what really came.

Known at the date: contracts published by then, with their initial duration and the modifications notified by then. What
really came is the next contract of the same chain, searched over everything known today in a window of three years each
side of the estimated end, much wider than the one renewals use, so that the answer does not repeat the question.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep, to_arrow
from dentelle.opendata.marts.chains import chains
from dentelle.opendata.marts.confidence import with_confidence
from dentelle.opendata.marts.ends import with_ends
from dentelle.opendata.marts.months import month_index

TOLERANCE_MONTHS = 6  # a renewal foreseen this close to the real start is right
TRUTH_MONTHS = 36  # half-width of the window in which a real successor is searched
ENOUGH_MONTHS = 96  # two contracts of four years: below, the data cannot show most renewals
LEVELS = ("all", "high", "medium", "low")


class NothingToCompare(Exception):
    """The data stop too early after the date (or start too late before it) for a single month to be judged."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """``rows``: ``schema.BACKTEST``; ``caveats``: French sentences that must show wherever a figure does.

    ``window_months`` is the number of months really judged, ``last_day`` the latest effective date of the data.
    """

    rows: Frame
    caveats: tuple[str, ...]
    window_months: int
    last_day: date


def backtest(
    contracts: Frame, modifications: Frame, *, at: date, months: int = 24, inside: Frame | None = None
) -> Backtest:
    """Judge the renewals foreseen at ``at`` over the ``months`` that followed.

    ``inside`` (contract_key) narrows what is judged and counted to some contracts; chains, usual durations and the reach of
    the data are still read on all of them.

    The window is cut so that each foreseen end, plus the tolerance, lies inside the data. Raises ``NothingToCompare``
    when nothing is left.
    """
    mine = contracts if inside is None else contracts.join(inside, on="contract_key", how="semi")
    stock = to_arrow(
        mine.select("published_on", "effective_on", "generation")
        .with_columns(**_stock(at))
        .select(
            total=nw.len(),
            unpublished=nw.col("unpublished").sum(),
            undated=nw.col("undated").sum(),
            old=nw.col("old").sum(),
            known=nw.col("known").sum(),
        )
    ).to_pylist()[0]
    reached = contracts.select(first=nw.col("effective_on").min(), last=nw.col("effective_on").max())
    stock |= to_arrow(reached).to_pylist()[0]
    last = stock["last"]
    first_month = at.year * 12 + at.month  # the month after the date
    judged = 0 if last is None else min(months, last.year * 12 + last.month - 1 - TOLERANCE_MONTHS - first_month + 1)
    if judged < 1 or not stock["known"]:
        reach = "aucune date" if last is None else f"au {last:%d/%m/%Y}"
        raise NothingToCompare(
            f"rien à comparer au {at:%d/%m/%Y} : {stock['known'] or 0} contrats publiés à cette date, données allant {reach} ; "
            f"il faut au moins {TOLERANCE_MONTHS + 1} mois de recul."
        )
    foreseen = _foreseen(contracts, modifications, at)
    if inside is not None:
        foreseen = foreseen.join(inside, on="contract_key", how="semi")
    pairs = keep(_judged(foreseen, _truth(contracts), first_month, first_month + judged - 1))
    rows = nw.concat([_score(pairs, level) for level in LEVELS])
    return Backtest(rows=rows, caveats=_caveats(stock, at, judged, months), window_months=judged, last_day=last)


def _stock(at: date) -> dict[str, nw.Expr]:
    def one(test: nw.Expr) -> nw.Expr:
        return nw.when(test).then(nw.lit(1)).otherwise(nw.lit(0))

    return {
        "unpublished": one(nw.col("published_on").is_null()),
        "undated": one(nw.col("effective_on").is_null()),
        "old": one(nw.col("generation") == "2019"),
        "known": one(_known_on() <= at),
    }


def _known_on() -> nw.Expr:
    """The day a contract became public; its effective date when publication is missing (said in the caveats)."""
    return nw.coalesce("published_on", "effective_on")


def _foreseen(contracts: Frame, modifications: Frame, at: date) -> Frame:
    """The contracts known at ``at``, their end and confidence as they would have been given that day."""
    told = modifications.filter(nw.col("notified_on") <= at, ~nw.col("duration_months").is_null())
    numbered = told.select("contract_key", "rank", changed=nw.col("duration_months"))
    last = numbered.group_by("contract_key").agg(rank=nw.col("rank").max())
    changes = numbered.join(last, on=["contract_key", "rank"], how="inner").select("contract_key", "changed")
    untouched = nw.when(nw.coalesce("modification_count", nw.lit(0)) == 0).then(nw.col("duration_months"))
    known = (
        contracts.filter(_known_on() <= at, nw.col("effective_on") <= at)
        .join(changes, on="contract_key", how="left")
        .with_columns(duration_months=nw.coalesce("changed", "initial_duration_months", untouched))
    )
    narrow = known.select(
        *("contract_key", "kind", "number", "lot_rank", "buyer_id", "buyer_siren", "cpv", "object_words"),
        *("effective_on", "effective_source", "duration_months", "buyer_id_valid"),
        is_framework=nw.coalesce("is_framework", nw.lit(False)),
        is_subsequent=~nw.col("framework_number").is_null(),
        contract_kind=nw.when(nw.col("cpv_division") == "45").then(nw.lit("works")).otherwise(nw.lit("services")),
    )
    ended = keep(with_ends(narrow, narrow))
    chained = ended.join(chains(ended).rows, on="contract_key", how="inner", suffix="_chain")
    scored = with_confidence(chained)
    return keep(
        scored.select("contract_key", "confidence", "is_last_of_chain", end=month_index(nw.col("estimated_end")))
    )


def _truth(contracts: Frame) -> Frame:
    """contract_key → month its real successor took effect."""
    narrow = contracts.select(
        *("contract_key", "kind", "number", "lot_rank", "buyer_id", "buyer_siren", "cpv", "object_words"),
        *("effective_on", "duration_months"),
    )
    ended = keep(with_ends(narrow, narrow))
    links = chains(ended, early=TRUTH_MONTHS, late=TRUTH_MONTHS).rows
    starts = ended.select(chain_next_key="contract_key", came=month_index(nw.col("effective_on")))
    return links.select("contract_key", "chain_next_key").join(starts, on="chain_next_key", how="inner")


def _judged(foreseen: Frame, truth: Frame, first: int, last: int) -> Frame:
    """One row per known contract: was it foreseen in the window, did it come back, how far from the estimate."""
    joined = foreseen.join(truth.select("contract_key", "came"), on="contract_key", how="left")
    came, end = nw.col("came"), nw.col("end")
    later = nw.when(came >= first).then(came)
    return joined.with_columns(came=later).with_columns(
        foreseen=_flag((end >= first) & (end <= last) & nw.col("is_last_of_chain")),
        renewed=_flag((came >= first) & (came <= last)),
        near=_flag((came - end).abs() <= TOLERANCE_MONTHS),
        error=(came - end).abs(),
    )


def _flag(test: nw.Expr) -> nw.Expr:
    return nw.when(test).then(nw.lit(1)).otherwise(nw.lit(0))


def _score(pairs: Frame, level: str) -> Frame:
    mine = pairs if level == "all" else pairs.filter(nw.col("confidence") == level)
    said, came, near = nw.col("foreseen"), nw.col("renewed"), nw.col("near")
    counted = mine.with_columns(
        hit=said * near, caught=came * near, gap=nw.when(said == 1).then(nw.col("error"))
    ).select(
        known=nw.len(),
        foreseen=said.sum(),
        foreseen_renewed=nw.col("hit").sum(),
        renewed=came.sum(),
        renewed_foreseen=nw.col("caught").sum(),
        median_error_months=nw.col("gap").median(),
        sample=nw.col("gap").count(),
    )
    whole = counted.with_columns(
        **{
            name: nw.coalesce(nw.col(name).cast(nw.Int64), nw.lit(0))
            for name in ("known", "foreseen", "foreseen_renewed", "renewed", "renewed_foreseen", "sample")
        }
    )
    found, all_said, all_came = nw.col("foreseen_renewed"), nw.col("foreseen"), nw.col("renewed")
    recall = nw.when(all_came > 0).then(nw.col("renewed_foreseen").cast(nw.Float64) / all_came)
    return whole.with_columns(
        confidence=nw.lit(level),
        precision=nw.when(all_said > 0).then(found.cast(nw.Float64) / all_said),
        recall=recall if level == "all" else nw.lit(None).cast(nw.Float64),
    )


def _caveats(stock: dict[str, Any], at: date, judged: int, asked: int) -> tuple[str, ...]:
    total = stock["total"]

    def share(name: str) -> str:
        return f"{stock[name]:,} contrats sur {total:,}".replace(",", "\u202f")

    sentences = [
        "Un contrat « revenu » est un contrat suivant de même acheteur, de même groupe CPV et d’objet ressemblant ; "
        "un besoin renouvelé sous un autre libellé, par un groupement ou par une centrale d’achat n’est pas vu.",
        "Un contrat qui n’a pas été publié ne peut être ni prévu ni retrouvé : le rappel est mesuré sur les seules "
        "données publiées.",
        f"Date de publication absente pour {share('unpublished')} : la date de notification en tient lieu.",
        f"Aucune date exploitable pour {share('undated')} : ces contrats ne peuvent être prévus.",
        f"Contrats au format 2019 : {share('old')} ; les sources ayant changé en 2024, une baisse des retrouvailles peut "
        "venir des publications et non des renouvellements.",
    ]
    first, last = stock["first"], stock["last"]
    span = (last.year - first.year) * 12 + last.month - first.month
    if span < ENOUGH_MONTHS:
        sentences.append(
            f"Les données ne couvrent que {span} mois, du {first:%d/%m/%Y} au {last:%d/%m/%Y}, moins que la vie de deux contrats "
            "successifs : presque aucun renouvellement ne peut y être vu, ces chiffres ne jugent pas la prévision."
        )
    if judged < asked:
        sentences.append(
            f"Fenêtre ramenée de {asked} à {judged} mois : les données s’arrêtent trop tôt après le {at:%d/%m/%Y}."
        )
    return tuple(sentences)
