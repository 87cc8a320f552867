"""What is said on a contract: bidders' questions with one answer for all, meetings, decisions, notes, and their papers."""

from datetime import date, datetime

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.actions.changing import changing
from dentelle.thread.contracts.models import Exchange, ExchangeKind
from dentelle.thread.contracts.refusals import ContractRefused


def add_exchange(
    actor: Membership,
    pk: int,
    *,
    kind: str,
    happened_on: date,
    text: str,
    attachment: StoredFile | None = None,
    expected_revision: int,
    at: datetime,
) -> Exchange:
    """Write down a question, a meeting, a decision or a note. Raises ContractRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        if kind not in ExchangeKind.values:
            raise ContractRefused("kind_unknown", "Choisissez la nature de l’échange dans la liste.", "kind")
        if not text.strip():
            raise ContractRefused("text_missing", "Écrivez ce qui a été dit.", "text")
        if attachment is not None and attachment.structure_id != actor.structure_id:
            raise ContractRefused("file_unknown", "Cette pièce jointe n’est pas de votre structure.", "attachment")
        exchange = Exchange.objects.create(
            structure=actor.structure,
            contract=change.contract,
            kind=kind,
            happened_on=happened_on,
            text=text.strip(),
            attachment=attachment,
            author=actor.user,
            created_at=at,
        )
        change.record("contract.exchange_added", exchange, kind=kind)
    return exchange


def answer_question(
    actor: Membership, pk: int, exchange_pk: int, *, answer: str, on: date, expected_revision: int, at: datetime
) -> Exchange:
    """Give the one answer that every bidder receives; once given it does not change, a new question corrects it."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        question = change.contract.exchanges.filter(pk=exchange_pk, kind=ExchangeKind.QUESTION).first()
        if question is None:
            raise ContractRefused("question_unknown", "Cette question n’est plus sur le contrat.")
        if question.answered_on is not None:
            raise ContractRefused(
                "answered",
                "La réponse est déjà donnée à tous\u00a0: une précision fait l’objet d’une nouvelle question.",
            )
        if not answer.strip():
            raise ContractRefused("answer_missing", "Écrivez la réponse.", "answer")
        question.answer, question.answered_on = answer.strip(), on
        question.save()
        change.record("contract.question_answered", question)
    return question
