"""What the yearly review says, and the Word document made of it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone
from docxtpl import DocxTemplate, Listing

from dentelle.network.agreements.models import Agreement, Indicator, Outcome, Party, ReadingAnswer
from dentelle.network.agreements.queries import AgreementSheet, ArticleLine, CommitmentLine, IndicatorLine
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
    """Return what the review says of a year, as the names of its template."""
    agreement = sheet.agreement
    lines = sheet.commitments
    actions = [each for line in lines for each in line.actions]
    done = sum(each.done_on is not None and each.done_on.year == year for each in actions)
    late = sum(
        each.done_on is None and each.due_on is not None and each.due_on < min(on, date(year + 1, 1, 1))
        for each in actions
    )
    readings = [each for line in sheet.indicators for each in line.readings if each.ends_on.year == year]
    disputed = sum(each.answer == ReadingAnswer.DISPUTED for each in readings)
    kept = sum(line.commitment.outcome == Outcome.KEPT for line in lines)
    return {
        "annee": str(year),
        "intitule": agreement.title,
        "niveau": agreement.get_level_display().capitalize(),
        "reference": agreement.reference,
        "periode": _period(agreement),
        "edition": in_full(on),
        "objet": _lines(agreement.purpose) or "[à compléter : l’objet de la convention]",
        "parties": [
            {"nom": str(each), "cote": each.get_side_display(), "signataires": _signatories(each)}
            for each in sheet.parties
        ],
        "cadre": f"Déclinaison de « {agreement.framework.title} »." if agreement.framework else "",
        "engagements": plural(len(lines), "engagement", "engagements"),
        "tenus": plural(kept, "tenu", "tenus"),
        "actions_faites": plural(done, "action faite dans l’année", "actions faites dans l’année"),
        "actions_en_retard": plural(late, "en retard", "en retard"),
        "releves": plural(len(readings), "relevé donné", "relevés donnés"),
        "contestes": plural(disputed, "contesté", "contestés"),
        "articles": [_article(each, year, on) for each in sheet.articles],
        "comites": list(_meetings(sheet, year)),
        "locales": list(_local_agreements(agreement, year)),
        "avenants": [
            f"n° {each.number}, signé le {in_full(each.signed_on)} : {each.reason}"
            for each in agreement.amendments.all()
            if each.signed_on.year == year
        ],
    }


def _article(line: ArticleLine, year: int, on: date) -> dict[str, Any]:
    return {
        "titre": str(line.article),
        "indisponible": line.article.is_unavailable,
        "engagements": [_commitment(each, year, on) for each in line.commitments],
    }


def _commitment(line: CommitmentLine, year: int, on: date) -> dict[str, Any]:
    commitment = line.commitment
    return {
        "texte": commitment.text,
        "resultat": commitment.get_outcome_display(),
        "porteur": commitment.own_lead,
        "porteur_partenaire": commitment.partner_lead,
        "echeance": in_full(commitment.due_on) if commitment.due_on else "",
        "lecon": _lines(commitment.lesson),
        "actions": [
            {"quoi": each.what, "qui": each.get_side_display(), "etat": _state(each.done_on, each.due_on, on)}
            for each in line.actions
        ],
        "indicateurs": [_indicator(each, year) for each in line.indicators],
    }


def _indicator(line: IndicatorLine, year: int) -> dict[str, str]:
    indicator = line.indicator
    reading = next((each for each in line.readings if each.ends_on.year == year), None)
    if reading is None:
        said, answer = NOT_READ, ""
    else:
        said = f"{_value(reading.value, indicator)}, au {in_full(reading.ends_on)} ({reading.source})"
        answer = reading.get_answer_display() + (f" : {reading.answer_words}" if reading.answer_words else "")
    return {
        "nom": f"{indicator.name} ({indicator.source})",
        "depart": _value(indicator.baseline, indicator),
        "cible": _value(indicator.target, indicator),
        "releve": said,
        "reponse": answer,
    }


def _meetings(sheet: AgreementSheet, year: int) -> Iterator[dict[str, Any]]:
    for each in sheet.meetings:
        if each.held_on.year == year:
            yield {
                "titre": f"{each.get_kind_display().capitalize()} du {in_full(each.held_on)}",
                "presents": _lines(each.attendance) or "[à compléter : les présents]",
                "decisions": _lines(each.decisions) or "[à compléter : les décisions]",
            }


def _local_agreements(framework: Agreement, year: int) -> Iterator[dict[str, str]]:
    """The local agreements signed under a framework by the end of the year, with what became of their commitments."""
    if not framework.is_framework:
        return
    signed = framework.local_agreements.signed().filter(signed_on__lte=date(year, 12, 31))
    for each in signed.select_related("structure").prefetch_related("commitments").order_by("structure__name", "pk"):
        commitments = list(each.commitments.all())
        kept = sum(commitment.outcome == Outcome.KEPT for commitment in commitments)
        yield {
            "structure": str(each.structure),
            "titre": each.title,
            "signee": in_full(each.signed_on) if each.signed_on else UNKNOWN,
            "tenus": f"{number(kept)} sur {number(len(commitments))}",
        }


def _lines(text: str) -> Listing | None:
    """Return people's own words with their line breaks; None for none."""
    return Listing(text) if text else None


def _period(agreement: Agreement) -> str:
    if agreement.starts_on is None or agreement.last_day is None:
        return "Période non renseignée."
    return f"Du {in_full(agreement.starts_on)} au {in_full(agreement.last_day)}."


def _signatories(party: Party) -> str:
    return ", ".join(" – ".join(filter(None, (each.full_name, each.function))) for each in party.signatories.all())


def _state(done_on: date | None, due_on: date | None, on: date) -> str:
    if done_on is not None:
        return f"faite le {in_full(done_on)}"
    if due_on is None:
        return "à faire, sans date"
    return f"{'en retard, ' if due_on < on else ''}pour le {in_full(due_on)}"


def _value(value: Decimal | None, indicator: Indicator) -> str:
    if value is None:
        return UNKNOWN
    return f"{number(value)} {indicator.unit_word}".strip()


__all__ = ["MIME", "review_content", "review_word", "review_years", "template"]
