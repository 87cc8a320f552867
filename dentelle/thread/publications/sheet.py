"""One contract beside its publication, in words: for its own page and for the page of the contract."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.models import Contract, ContractQuerySet, Obligation
from dentelle.thread.contracts.queries import ContractSheet
from dentelle.thread.publications.deadlines import due_on
from dentelle.thread.publications.matching import Reason
from dentelle.thread.publications.models import Publication
from dentelle.thread.publications.promise import VALUES, fragment
from dentelle.thread.publications.queries import promised_of, publication_of, published_of, read_until
from dentelle.thread.publications.standing import Standing, concerned, with_standing
from dentelle.web.formatting import UNKNOWN, money, prose_date, table_date

FACTS = {
    "number": "Numéro",
    "holder": "Titulaire",
    "object": "Objet",
    "date": "Notification",
    "amount": "Montant",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact on both sides. ``verdict`` is « concorde », « diffère », or « non comparable »."""

    label: str
    ours: str
    theirs: str
    verdict: str


@dataclass(frozen=True, slots=True)
class PublicationSheet:
    """What the page shows: the promise with why, the JSON, the award with the reason it was taken, what to do."""

    contract: Contract
    standing: Standing
    promised: tuple[str, ...]
    why: tuple[str, ...]
    json: str
    due_on: date | None
    publication: Publication | None
    published: tuple[str, ...]
    reason: str
    compared: tuple[Compared, ...]
    award_url: str
    explanation: str

    @property
    def is_to_confirm(self) -> bool:
        return self.standing is Standing.TO_CONFIRM

    @property
    def published_words(self) -> str:
        return ", ".join(self.published) or UNKNOWN

    @property
    def message(self) -> str:
        """What to write to the buyer, ready to be sent; nothing when there is nothing to ask."""
        if self.standing not in (Standing.MISSING, Standing.DIFFERENT, Standing.AWAITED):
            return ""
        asked = {
            Standing.MISSING: "Nous n’avons pas trouvé ce marché dans les données essentielles publiées.",
            Standing.DIFFERENT: f"Les données essentielles de ce marché portent «\u00a0{self.published_words}\u00a0».",
            Standing.AWAITED: "Ce marché va faire l’objet d’une publication de ses données essentielles.",
        }[self.standing]
        number = f", n°\u00a0{self.contract.number}" if self.contract.number else ""
        values = ", ".join(self.promised)
        return (
            f"Bonjour,\n\nMarché «\u00a0{self.contract.title}\u00a0»{number}, notifié le "
            f"{prose_date(self.contract.notified_on)}.\n{asked} La considération sociale à publier est\u00a0: {values} "
            f"(rubrique considerationsSociales du schéma de 2022).\n\nPouvez-vous nous dire quand ce sera fait\u00a0?\n"
        )


def publication_sheet(contract: Contract, *, today: date) -> PublicationSheet:
    """Return the page of one contract; the contract comes from ``access``."""
    known = _with_all(Contract.objects.filter(pk=contract.pk), today).get()
    sheet = _sheet(known, tuple(known.obligations.all()), today=today)
    return replace(sheet, compared=_compared(known, sheet.publication)) if sheet.publication else sheet


def _sheet(known: Contract, obligations: tuple[Obligation, ...], *, today: date) -> PublicationSheet:
    publication = publication_of(known)
    standing = Standing(known.standing)  # type: ignore[attr-defined]
    return PublicationSheet(
        contract=known,
        standing=standing,
        promised=promised_of(known).values(known.kind),
        why=_why(obligations),
        json=fragment(promised_of(known), known.kind),
        due_on=due_on(known.notified_on),
        publication=publication,
        published=published_of(publication).values(known.kind) if publication and publication.is_stated else (),
        reason=Reason(publication.reason).label if publication else "",
        compared=(),
        award_url=_award_url(publication),
        explanation=_explanation(known, standing, publication, today=today),
    )


def section_of(sheet: ContractSheet, membership: Membership, *, on: date) -> dict[str, Any] | None:
    """Return what the page of a contract says of its publication; nothing before it is signed, or to who only follows a part."""
    contract = sheet.contract
    if contract.structure_id != membership.structure_id:
        return None
    known = _with_all(concerned(Contract.objects.filter(pk=contract.pk)), on).first()
    if known is None:
        return None
    return {
        "sheet": _sheet(known, sheet.obligations, today=on),
        "url": reverse("publications:detail", kwargs={"pk": contract.pk}),
    }


def _with_all(contracts: ContractQuerySet, today: date) -> QuerySet[Contract]:
    rows = with_standing(contracts, today=today, read_until=read_until())
    return rows.select_related("structure", "buyer", "publication__decided_by")


def _why(obligations: tuple[Obligation, ...]) -> tuple[str, ...]:
    held = sorted((each for each in obligations if each.clause_type in VALUES), key=lambda each: each.pk)
    said = {each.get_clause_type_display(): VALUES[each.clause_type] for each in held}
    between = "\u00a0» et «\u00a0"
    return tuple(f"{clause}\u00a0: «\u00a0{between.join(values)}\u00a0»" for clause, values in said.items())


def _award_url(publication: Publication | None) -> str:
    if publication is None or publication.is_gone:
        return ""
    return reverse("purchases:contract", kwargs={"contract_key": publication.contract_key}) + "#sources"


def _compared(contract: Contract, publication: Publication) -> tuple[Compared, ...]:
    published = publication.published
    holders = ", ".join(each.organisation.name for each in contract.holders.select_related("organisation"))
    sides = {
        "number": (contract.number or UNKNOWN, published.get("number") or UNKNOWN),
        "holder": (holders or UNKNOWN, published.get("holder") or UNKNOWN),
        "object": (contract.subject or contract.title, published.get("object") or UNKNOWN),
        "date": (table_date(contract.notified_on), table_date(published.get("notified_on"))),
        "amount": (money(contract.amount_cents), money(published.get("amount_cents"))),
    }
    verdicts = {True: "concorde", False: "diffère", None: "non comparable"}
    return tuple(
        Compared(label, *sides[fact], verdicts[publication.evidence.get(fact)]) for fact, label in FACTS.items()
    )


def _explanation(contract: Contract, standing: Standing, publication: Publication | None, *, today: date) -> str:
    last = due_on(contract.notified_on)
    until = f"jusqu’au {prose_date(last)}" if last else "sans délai connu de Dentelle"
    if standing is Standing.MISSING:
        return f"Aucune publication ne correspond à ce contrat, et le délai s’est achevé le {prose_date(last)}."
    if standing is Standing.AWAITED and last and last < today:
        known_until = read_until()
        why = f"s’arrêtent au {prose_date(known_until)}" if known_until else "ne sont pas chargées"
        return f"Le délai s’est achevé le {prose_date(last)}, mais les données ouvertes {why}\u00a0: rien ne dit s’il est publié."
    if standing is Standing.AWAITED:
        return f"L’acheteur publie {until}. Transmettez-lui la valeur ci-dessous."
    if standing is Standing.OUTSIDE:
        return "Montant ou date hors de l’obligation de publier que Dentelle connaît\u00a0: publier reste possible."
    if standing is Standing.TO_CONFIRM:
        return "Une publication ressemble à ce contrat. Dites si c’est lui\u00a0: rien n’est conclu sans vous."
    if publication and not publication.is_stated and standing is Standing.MATCHED:
        return "Publié au format de 2019, qui n’a pas de rubrique pour les considérations sociales."
    if standing is Standing.MATCHED:
        return "Ce qui est publié est ce qui était promis."
    if publication and not publication.is_stated:
        return "La publication ne dit rien des considérations sociales\u00a0: la rubrique est vide."
    return "Ce qui est publié n’est pas ce qui était promis\u00a0: l’acheteur peut publier une correction."
