"""The text of an agreement as a Word document: what was written in Dentelle, and empty places marked so."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone
from docxtpl import DocxTemplate, Listing

from dentelle.foundations.directory.identifiers import shown
from dentelle.network.agreements.models import Agreement, AgreementAmendment, Commitment, Indicator, Party, Signatory
from dentelle.network.agreements.queries import AgreementSheet, ArticleLine
from dentelle.rules.wording import day as in_full
from dentelle.rules.wording import number
from dentelle.thread.papers.building import build
from dentelle.thread.papers.rendering import settled

SOURCE = Path(__file__).with_name("agreement.txt")
FOOTER = "{{ texte.intitule }} · page "


@cache
def agreement_template() -> bytes:
    """Return the Word template of an agreement, made from its source; the same bytes each time."""
    return build(SOURCE.read_text(encoding="utf-8"), footer=FOOTER)


def agreement_word(sheet: AgreementSheet, *, at: datetime) -> bytes:
    """Return an agreement as a Word document; values are escaped, never read as markup."""
    document = DocxTemplate(BytesIO(agreement_template()))
    document.render({"texte": agreement_content(sheet, on=timezone.localdate(at))}, autoescape=True)
    properties = document.docx.core_properties
    properties.title, properties.language = sheet.agreement.title, "fr-FR"
    properties.author = str(sheet.agreement.structure or sheet.agreement.network)
    properties.created = properties.modified = at.replace(tzinfo=None)
    written = BytesIO()
    document.docx.save(written)
    return settled(written.getvalue(), at)


def agreement_content(sheet: AgreementSheet, *, on: date) -> dict[str, Any]:
    """Return what the document says, as the names of its template."""
    agreement = sheet.agreement
    return {
        "intitule": agreement.title,
        "niveau": agreement.get_level_display().capitalize(),
        "reference": agreement.reference,
        "etat": sheet.words.capitalize(),
        "periode": _period(agreement),
        "edition": in_full(on),
        "objet": Listing(agreement.purpose) if agreement.purpose else "[à compléter : l’objet]",
        "themes": ", ".join(agreement.theme_labels),
        "territoire": sheet.territory.names if sheet.territory.places else "",
        "cadre": f"Déclinaison de « {agreement.framework.title} »." if agreement.framework else "",
        "parties": [_party(each) for each in sheet.parties],
        "articles": [_article(each) for each in sheet.articles],
        "avenants": [_amendment(each) for each in agreement.amendments.all()],
        "signatures": list(_signatures(sheet)),
        "note": agreement.note,
    }


def _period(agreement: Agreement) -> str:
    if agreement.starts_on is None or agreement.last_day is None:
        return "Période non renseignée."
    return f"Du {in_full(agreement.starts_on)} au {in_full(agreement.last_day)}."


def _party(party: Party) -> dict[str, str]:
    siret = party.organisation.siret if party.organisation else ""
    return {
        "nom": _named(party),
        "siret": shown(siret) if siret else "non renseigné",
        "cote": party.get_side_display(),
        "signataires": ", ".join(_who(each) for each in party.signatories.all()) or "[à compléter]",
    }


def due_words(commitment: Commitment, last_day: date | None) -> str:
    """When a commitment is due, and that it is after the agreement when it is; empty when no day was given."""
    if commitment.due_on is None:
        return ""
    after = ", après la fin de la convention" if commitment.is_due_after(last_day) else ""
    return f"{in_full(commitment.due_on)}{after}"


def _named(party: Party) -> str:
    """The name it signs under, and what was noted before a correction."""
    corrected = [
        f"nom corrigé le {in_full(date.fromisoformat(each['until']))}, noté d’abord « {each['name']} »"
        for each in party.former
    ]
    return f"{party} ({' ; '.join(corrected)})" if corrected else str(party)


def _article(line: ArticleLine) -> dict[str, Any]:
    article = line.article
    return {
        "titre": str(article),
        "indisponible": article.is_unavailable or not article.text,
        "texte": Listing(article.text),
        "engagements": [
            {
                "texte": each.commitment.text.rstrip(". "),
                "porteur": each.commitment.own_lead,
                "porteur_partenaire": each.commitment.partner_lead,
                "echeance": due_words(each.commitment, article.agreement.last_day),
                "avenant": str(each.commitment.amendment or ""),
            }
            for each in line.commitments
        ],
        "mesures": [
            f"{measure.indicator.name} ({measure.indicator.source})" + _target(measure.indicator)
            for each in line.commitments
            for measure in each.indicators
        ],
    }


def _target(indicator: Indicator) -> str:
    if indicator.target is None:
        return ""
    return f", cible {f'{number(indicator.target)} {indicator.unit_word}'.strip()} {indicator.target_words}"


def _amendment(amendment: AgreementAmendment) -> str:
    return f"{amendment}, signé le {in_full(amendment.signed_on)} : {amendment.reason}"


def _signatures(sheet: AgreementSheet) -> Iterator[dict[str, str]]:
    for party in sheet.parties:
        for each in party.signatories.all():
            when = f"a signé le {in_full(each.signed_on)}" if each.signed_on else ""
            yield {"partie": str(party), "qui": _who(each), "quand": when}


def _who(signatory: Signatory) -> str:
    return " – ".join(filter(None, (signatory.full_name, signatory.function)))


__all__ = ["agreement_content", "agreement_template", "agreement_word", "due_words"]
