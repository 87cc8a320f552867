"""What the yearly review says, and the Word document made of it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone
from docxtpl import DocxTemplate, Listing

from dentelle.network.agreements.models import (
    Agreement,
    AgreementAmendment,
    Commitment,
    CommitmentAction,
    Indicator,
    Outcome,
    Party,
    ReadingAnswer,
)
from dentelle.network.agreements.queries import AgreementSheet, ArticleLine, CommitmentLine, IndicatorLine
from dentelle.network.agreements.review.text import due_words
from dentelle.network.agreements.yearly import PeriodRow, rows_of, total_of
from dentelle.rules.wording import day as in_full
from dentelle.rules.wording import number, plural
from dentelle.thread.papers.building import build
from dentelle.thread.papers.rendering import MIME, settled

SOURCE = Path(__file__).with_name("review.txt")
FOOTER = "{{ bilan.intitule }} · bilan {{ bilan.annee }} · page "
NOT_READ, UNKNOWN = "non relevé", "non renseigné"


@cache
def template() -> bytes:
    """Return the Word template of the review, made from its source; the same bytes each time."""
    return build(SOURCE.read_text(encoding="utf-8"), footer=FOOTER)


def review_years(agreement: Agreement, today: date) -> tuple[int, ...]:
    """Return the years a review may be written for, the latest first: those the signed agreement has lived."""
    if not agreement.is_signed or agreement.is_example or agreement.starts_on is None:
        return ()
    last = min(today, agreement.last_day or today)
    return tuple(range(last.year, agreement.starts_on.year - 1, -1))


def review_word(sheet: AgreementSheet, year: int, *, at: datetime) -> bytes:
    """Return the review of a year as a Word document people complete; values are escaped, never read as markup."""
    document = DocxTemplate(BytesIO(template()))
    content = review_content(sheet, year, on=timezone.localdate(at))
    document.render({"bilan": content}, autoescape=True)
    properties = document.docx.core_properties
    properties.title, properties.language = f"Bilan {year} : {sheet.agreement.title}", "fr-FR"
    properties.author = str(sheet.agreement.structure or sheet.agreement.network)
    properties.created = properties.modified = at.replace(tzinfo=None)
    written = BytesIO()
    document.docx.save(written)
    return settled(written.getvalue(), at)


def review_content(sheet: AgreementSheet, year: int, *, on: date) -> dict[str, Any]:
    """Return what the review says of a year, as the names of its template: as things stood at its end, or on ``on`` before it."""
    agreement = sheet.agreement
    until = min(on, date(year, 12, 31))
    lines = [line for line in sheet.commitments if _is_of(line.commitment.amendment, until)]
    actions = [each for line in lines for each in _actions(line, until)]
    done = sum(each.done_on is not None and each.done_on.year == year for each in actions)
    late = sum(_is_open(each, until) and each.due_on is not None and each.due_on < until for each in actions)
    measured = [
        row for line in lines for each in line.indicators for row in _rows(agreement, each, year, on) if row.reading
    ]
    disputed = sum(row.reading is not None and row.reading.answer == ReadingAnswer.DISPUTED for row in measured)
    unread = sum(
        row.reading is None for line in lines for each in line.indicators for row in _rows(agreement, each, year, on)
    )
    kept = sum(_stated(line.commitment, until)[0] == Outcome.KEPT for line in lines)
    return {
        "annee": str(year),
        "intitule": agreement.title,
        "niveau": agreement.get_level_display().capitalize(),
        "reference": agreement.reference,
        "periode": _period(agreement, until),
        "edition": in_full(on),
        "arret": in_full(until),
        "objet": _lines(agreement.purpose) or "[à compléter : l’objet de la convention]",
        "parties": [
            {"nom": str(each), "cote": each.get_side_display(), "signataires": _signatories(each)}
            for each in sheet.parties
            if _is_of(each.amendment, until)
        ],
        "cadre": f"Déclinaison de « {agreement.framework.title} »." if agreement.framework else "",
        "engagements": plural(len(lines), "engagement", "engagements"),
        "tenus": plural(kept, "tenu", "tenus"),
        "actions_faites": plural(done, "action faite dans l’année", "actions faites dans l’année"),
        "actions_en_retard": plural(late, "en retard", "en retard"),
        "releves": plural(len(measured), "relevé donné", "relevés donnés"),
        "contestes": plural(disputed, "contesté", "contestés"),
        "non_releves": plural(unread, "période non relevée", "périodes non relevées"),
        "articles": [_article(agreement, each, year, on) for each in sheet.articles],
        "comites": list(_meetings(sheet, year)),
        "locales": list(_local_agreements(agreement, until)),
        "avenants": [
            f"n° {each.number}, signé le {in_full(each.signed_on)} : {each.reason}"
            for each in agreement.amendments.all()
            if each.signed_on.year == year
        ],
    }


def _article(agreement: Agreement, line: ArticleLine, year: int, on: date) -> dict[str, Any]:
    until = min(on, date(year, 12, 31))
    return {
        "titre": str(line.article),
        "indisponible": line.article.is_unavailable,
        "engagements": [
            _commitment(agreement, each, year, on)
            for each in line.commitments
            if _is_of(each.commitment.amendment, until)
        ],
    }


def _commitment(agreement: Agreement, line: CommitmentLine, year: int, on: date) -> dict[str, Any]:
    commitment, until = line.commitment, min(on, date(year, 12, 31))
    outcome, lesson = _stated(commitment, until)
    return {
        "texte": commitment.text,
        "resultat": Outcome(outcome).label,
        "porteur": commitment.own_lead,
        "porteur_partenaire": commitment.partner_lead,
        "echeance": due_words(commitment, _last_day(agreement, until)),
        "lecon": _lines(lesson),
        "actions": [
            {"quoi": each.what, "qui": each.get_side_display(), "etat": _state(each, until)}
            for each in _actions(line, until)
        ],
        "indicateurs": [_indicator(agreement, each, year, on) for each in line.indicators],
    }


def _is_of(amendment: AgreementAmendment | None, until: date) -> bool:
    """Whether a part was in the agreement on a day: from the beginning, or by an amendment signed by then."""
    return amendment is None or amendment.signed_on <= until


def _stated(commitment: Commitment, until: date) -> tuple[str, str]:
    """What a commitment had become on a day, and what was learnt of it, as last stated by then."""
    known = [each for each in commitment.statements.all() if each.seen_on <= until]
    return (known[-1].outcome, known[-1].lesson) if known else (Outcome.UNDER_WAY, "")


def _actions(line: CommitmentLine, until: date) -> list[CommitmentAction]:
    return [
        each for each in line.actions if each.added_on is None or each.added_on <= until or each.done_on is not None
    ]


def _is_open(action: CommitmentAction, until: date) -> bool:
    return action.done_on is None or action.done_on > until


def _rows(agreement: Agreement, line: IndicatorLine, year: int, on: date) -> list[PeriodRow]:
    return rows_of(agreement, line.indicator, line.readings, year, on)


def _indicator(agreement: Agreement, line: IndicatorLine, year: int, on: date) -> dict[str, Any]:
    indicator = line.indicator
    rows = _rows(agreement, line, year, on)
    return {
        "nom": f"{indicator.name} ({indicator.source})",
        "definition": _sentence(indicator.definition),
        "depart": UNKNOWN if indicator.baseline is None else indicator.told(indicator.baseline),
        "cible": indicator.target_told or UNKNOWN,
        "releves": [_reading(row, indicator) for row in rows] or [_nothing()],
        "total": _total(rows, indicator, year),
    }


def _sentence(text: str) -> str:
    """People's own words, ended as a sentence so that another may follow."""
    said = " ".join(text.split())
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def _reading(row: PeriodRow, indicator: Indicator) -> dict[str, str]:
    period = str(row.period)
    reading = row.reading
    if reading is None:
        return {"periode": period, "valeur": NOT_READ, "source": "", "reponse": ""}
    value = ", ".join(filter(None, (indicator.told(reading.value), reading.partial_told)))
    answer = reading.get_answer_display() + (f" : {reading.answer_words}" if reading.answer_words else "")
    return {"periode": period, "valeur": value, "source": reading.source, "reponse": answer}


def _nothing() -> dict[str, str]:
    return {"periode": "aucune période close", "valeur": NOT_READ, "source": "", "reponse": ""}


def _total(rows: Sequence[PeriodRow], indicator: Indicator, year: int) -> str:
    """The sum of the year's readings when it means something, with what it lacks; otherwise why there is none."""
    known = sum(row.reading is not None for row in rows)
    if known > 1 and not indicator.adds_up:
        return "Pas de total : rien ne dit que ces relevés s’additionnent."
    total = total_of(rows, indicator)
    return f"Total des relevés de {year} : {total}." if total else ""


def _meetings(sheet: AgreementSheet, year: int) -> Iterator[dict[str, Any]]:
    for each in sheet.meetings:
        if each.held_on.year == year:
            yield {
                "titre": f"{each.get_kind_display().capitalize()} du {in_full(each.held_on)}",
                "ordre_du_jour": _lines(each.agenda) or "[à compléter : l’ordre du jour]",
                "presents": _lines(each.attendance) or "[à compléter : les présents]",
                "decisions": _lines(each.decisions) or "[à compléter : les décisions]",
                "prochaine": in_full(each.next_on) if each.next_on else "non fixée",
            }


def _local_agreements(framework: Agreement, until: date) -> Iterator[dict[str, str]]:
    """The local agreements signed under a framework by a day, with what had become of their commitments then."""
    if not framework.is_framework:
        return
    signed = framework.local_agreements.signed().filter(signed_on__lte=until)
    for each in (
        signed.select_related("structure").prefetch_related("commitments__statements").order_by("structure__name", "pk")
    ):
        commitments = list(each.commitments.all())
        kept = sum(_stated(commitment, until)[0] == Outcome.KEPT for commitment in commitments)
        yield {
            "structure": str(each.structure),
            "titre": each.title,
            "signee": in_full(each.signed_on) if each.signed_on else UNKNOWN,
            "tenus": f"{number(kept)} sur {number(len(commitments))}",
        }


def _lines(text: str) -> Listing | None:
    """Return people's own words with their line breaks; None for none."""
    return Listing(text) if text else None


def _period(agreement: Agreement, until: date) -> str:
    """Its days as they stood on a day."""
    last = _last_day(agreement, until)
    if agreement.starts_on is None or last is None:
        return "Période non renseignée."
    return f"Du {in_full(agreement.starts_on)} au {in_full(last)}."


def _last_day(agreement: Agreement, until: date) -> date | None:
    """Its end as it stood on a day: an amendment or an end that came later changes nothing of it."""
    last = agreement.last_day
    if agreement.ended_on is not None and agreement.ended_on > until:
        last = agreement.ends_on or last
    later = [each for each in agreement.amendments.all() if each.signed_on > until and each.former_end]
    return later[0].former_end if later else last


def _signatories(party: Party) -> str:
    return ", ".join(" – ".join(filter(None, (each.full_name, each.function))) for each in party.signatories.all())


def _state(action: CommitmentAction, until: date) -> str:
    if action.done_on is not None and action.done_on <= until:
        return f"faite le {in_full(action.done_on)}"
    if action.due_on is None:
        return "à faire, sans date"
    return f"{'en retard, ' if action.due_on < until else ''}pour le {in_full(action.due_on)}"


__all__ = ["MIME", "review_content", "review_word", "review_years", "template"]
