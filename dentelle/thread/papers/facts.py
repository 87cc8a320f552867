"""From a contract of the register to what its papers may say. Reads what ``contract_sheet`` loaded, decides nothing."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import prefetch_related_objects

from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts.dues import dues_of, volume_minutes
from dentelle.thread.contracts.models import Contract, Holder, HolderRole, Obligation, Programme, Tranche
from dentelle.thread.contracts.publics import public_labels
from dentelle.thread.contracts.queries import ContractSheet, HolderLine, contract_sheet
from dentelle.thread.contracts.states import is_signed
from dentelle.thread.papers import clause_words as clause
from dentelle.thread.papers.context import (
    ActionWords,
    AmendmentWords,
    ContractWords,
    CriterionWords,
    FacilitatorWords,
    HolderWords,
    LotWords,
    MonthWords,
    ObligationWords,
    PaperContext,
    PoolingWords,
    PresenceWords,
    StructureWords,
    SubcontractorWords,
    TotalWords,
    blank,
)
from dentelle.web.formatting import duration, money, month, number, percent, prose_date


def paper_context(contract: Contract, *, on: date) -> PaperContext:
    """Return everything papers may say of a contract; ``on`` is the date they bear. The contract comes from ``access``."""
    sheet = contract_sheet(contract)
    prefetch_related_objects([sheet.contract], "lots", "pooled__agreement__company")
    obligations = tuple(_obligation(each, rank) for rank, each in enumerate(sheet.obligations, 1))
    poolings = _poolings(sheet.contract)
    holders = tuple(_holder(line, sheet, obligations, poolings) for line in sheet.holders)
    recipients = tuple(
        words
        for words, line in zip(holders, sheet.holders, strict=True)
        if line.holder.role in (HolderRole.SINGLE, HolderRole.LEAD)
    )
    return PaperContext(
        contract=_contract(sheet.contract, obligations),
        structure=_structure(sheet.contract),
        facilitator=_facilitator(sheet.contract),
        presence=_presence(sheet, obligations),
        obligations=obligations,
        totals=tuple(
            TotalWords(
                counter=due.counts.label,
                volume=clause.volume_of(due.owed, due.counts),
                optional=clause.volume_of(due.optional, due.counts) if due.optional else "",
            )
            for due in dues_of(sheet.contract)
        ),
        lots=_lots(sheet),
        holders=holders,
        recipients=recipients or holders,
        criteria=tuple(CriterionWords(each.label, number(each.points)) for each in sheet.contract.criteria.all()),
        poolings=poolings,
        amendment=_amendment(sheet.contract),
        edited_on=prose_date(on),
    )


def _or_blank(value: str | None, what: str) -> str:
    return value or blank(what)


def _day(value: date | None, what: str) -> str:
    return prose_date(value) if value else blank(what)


def _contract(contract: Contract, obligations: Sequence[ObligationWords]) -> ContractWords:
    operation, buyer = contract.operation, contract.buyer
    programme = ""
    if operation and operation.programme != Programme.NONE:
        programme = operation.programme_name or operation.get_programme_display()
    return ContractWords(
        title=contract.title,
        number=contract.number,
        subject=contract.subject or contract.title,
        buyer=_or_blank(buyer.name if buyer else "", "l’acheteur"),
        buyer_siret=_or_blank(buyer.identifier if buyer else "", "le SIRET de l’acheteur"),
        kind=_or_blank(contract.get_kind_display() if contract.kind else "", "la nature du marché"),
        procedure=_or_blank(contract.procedure, "la procédure"),
        amount=money(contract.amount_cents) if contract.amount_cents else blank("le montant du marché"),
        is_framework=contract.is_framework,
        is_private=bool(obligations) and all(each.is_private for each in obligations),
        is_signed=is_signed(contract.state),
        operation=operation.name if operation else "",
        programme=programme,
        site=operation.site if operation else "",
        neighbourhoods=tuple(operation.neighbourhoods) if operation else (),
        ccag=f"CCAG-{contract.ccag}" if contract.ccag in clause.CCAG_NAMES else "",
        ccag_article=clause.ccag_article(contract.ccag),
        notified_on=_day(contract.notified_on, "la date de notification"),
        starts_on=_day(contract.starts_on, "le début d’exécution"),
        ends_on=_day(contract.ends_on, "la fin d’exécution"),
    )


def _structure(contract: Contract) -> StructureWords:
    structure = contract.structure
    return StructureWords(
        name=structure.name,
        address=_or_blank(", ".join(structure.address.split("\n")), "l’adresse de votre structure"),
        email=_or_blank(structure.email, "le courriel de votre structure"),
        phone=_or_blank(structure.phone, "le téléphone de votre structure"),
        siret=_or_blank(structure.siret, "le SIRET de votre structure"),
    )


def _facilitator(contract: Contract) -> FacilitatorWords:
    person = contract.facilitator
    return FacilitatorWords(
        name=_or_blank(person.full_name if person else "", "la personne qui suit le contrat"),
        email=_or_blank(person.email if person else "", "son courriel"),
    )


def _obligation(obligation: Obligation, rank: int) -> ObligationWords:
    code = LeverCode(obligation.clause_type)
    counts = obligation.counts
    minutes = volume_minutes(obligation)
    tranche = obligation.get_tranche_display()
    numbered = f"{tranche} n°\u00a0{obligation.tranche_number}" if obligation.tranche_number else tranche
    share, training = obligation.neighbourhood_share, obligation.training_share
    return ObligationWords(
        rank=str(rank),
        clause=obligation.get_clause_type_display(),
        article=clause.ARTICLES[code],
        scope=f"le lot {obligation.lot.number} {obligation.lot.title}".strip()
        if obligation.lot
        else "l’ensemble du marché",
        lot=str(obligation.lot) if obligation.lot else "",
        volume=clause.volume_of(minutes, counts),
        counter=counts.label,
        base=obligation.get_base_display(),
        tranche=numbered,
        deadline=prose_date(obligation.deadline_on) if obligation.deadline_on else "la fin du marché",
        publics=public_labels(obligation.publics),
        neighbourhood_share=percent(share, 1 if (share * 100) % 1 else 0) if share else "",
        training_share=percent(training, 1 if (training * 100) % 1 else 0) if training else "",
        penalty=clause.penalty_of(obligation),
        formal_notice=clause.formal_notice_of(obligation),
        document_penalty=clause.document_penalty_of(obligation),
        has_penalty="[" not in clause.penalty_of(obligation),
        waiver=obligation.waiver_allowed,
        has_volume=minutes > 0 and counts is not LeverCounts.NOTHING,
        is_optional=obligation.tranche == Tranche.OPTIONAL and not obligation.is_owed,
        counts_insertion=counts is LeverCounts.INSERTION_HOURS,
        counts_internship=counts is LeverCounts.INTERNSHIP_HOURS,
        counts_protected=counts is LeverCounts.PROTECTED_SECTOR_HOURS,
        is_condition=code in clause.CONDITIONS,
        is_criterion=code in clause.CRITERIA,
        is_reserved=code in clause.RESERVED,
        is_reserved_siae=code is LeverCode.RESERVED_SIAE,
        is_reserved_disability=code is LeverCode.RESERVED_DISABILITY,
        is_reserved_prison=code is LeverCode.RESERVED_PRISON,
        is_reserved_ess=code is LeverCode.RESERVED_ESS,
        is_insertion_service=code is LeverCode.INSERTION_SERVICE,
        is_training=code is LeverCode.TRAINING_CLAUSE,
        is_internship=code is LeverCode.INTERNSHIP_CLAUSE,
        is_private=code is LeverCode.PRIVATE_CLAUSE,
    )


def _presence(sheet: ContractSheet, obligations: Sequence[ObligationWords]) -> PresenceWords:
    counters = {each.counter for each in obligations if each.has_volume}
    return PresenceWords(
        condition=any(each.is_condition for each in obligations),
        criterion=any(each.is_criterion for each in obligations),
        reserved=any(each.is_reserved for each in obligations),
        insertion=any(each.counts_insertion for each in obligations),
        internship=any(each.counts_internship for each in obligations),
        protected=any(each.counts_protected for each in obligations),
        several_counters=len(counters) > 1,
        training=any(each.is_training for each in obligations),
        internship_clause=any(each.is_internship for each in obligations),
        insertion_service=any(each.is_insertion_service for each in obligations),
        private=any(each.is_private for each in obligations),
        hours=bool(counters),
        penalty=any(each.has_penalty for each in obligations),
        no_penalty=any(each.has_volume and not each.has_penalty for each in obligations),
        optional=any(each.is_optional for each in obligations),
        neighbourhood=any(each.neighbourhood_share for each in obligations),
        subcontract=any(line.below for line in sheet.holders),
        unsized_orders=any(due.unsized_orders for due in sheet.dues),
    )


def _lots(sheet: ContractSheet) -> tuple[LotWords, ...]:
    claused = {each.lot_id for each in sheet.obligations}
    return tuple(LotWords(lot.number, lot.title, lot.pk in claused) for lot in sheet.contract.lots.all())


def _holder(
    line: HolderLine,
    sheet: ContractSheet,
    obligations: Sequence[ObligationWords],
    poolings: Sequence[PoolingWords],
) -> HolderWords:
    holder = line.holder
    owed = tuple(
        words
        for words, each in zip(obligations, sheet.obligations, strict=True)
        if holder.lot_id is None or each.lot_id in (None, holder.lot_id)
    )
    plan = next((each for each in sheet.contract.plans.all() if each.holder_id == holder.pk), None)
    reach = (plan.correspondent_role, plan.correspondent_email, plan.correspondent_phone) if plan else ()
    counts: set[LeverCounts] = {each.counts for each in sheet.obligations if each.counts is not LeverCounts.NOTHING}
    return HolderWords(
        name=holder.organisation.name,
        siret=holder.organisation.identifier,
        role=holder.get_role_display(),
        lot=str(holder.lot) if holder.lot else "",
        share=_part(holder.due_minutes, counts) if holder.due_minutes is not None else "",
        correspondent=_or_blank(plan.correspondent_name if plan else "", "la personne désignée par le titulaire"),
        correspondent_contact=", ".join(filter(None, reach)),
        kickoff_on=_day(plan.kickoff_on if plan else None, "la date de la réunion"),
        has_plan=plan is not None,
        obligations=owed,
        partners=tuple(_partners(holder, sheet.holders)),
        subcontractors=_subcontractors(line),
        actions=tuple(
            ActionWords(each.who, each.what, prose_date(each.due_on) if each.due_on else "sans date")
            for each in (plan.actions.all() if plan else ())
        ),
        months=tuple(
            MonthWords(month(each.month), duration(each.minutes)) for each in (plan.months.all() if plan else ())
        ),
        poolings=tuple(each for each in poolings if each.company == holder.organisation.name),
    )


def _part(minutes: int, counts: set[LeverCounts]) -> str:
    """A part of the hours; what it counts is said when the contract counts one thing only."""
    return clause.volume_of(minutes, next(iter(counts))) if len(counts) == 1 else duration(minutes)


def _partners(holder: Holder, lines: Iterable[HolderLine]) -> Iterable[str]:
    for line in lines:
        other = line.holder
        if other.pk != holder.pk and other.lot_id == holder.lot_id and other.role == HolderRole.JOINT:
            yield other.organisation.name


def _subcontractors(line: HolderLine) -> tuple[SubcontractorWords, ...]:
    names = {link.subcontract.pk: link.subcontract.organisation.name for link in line.below}
    return tuple(
        SubcontractorWords(
            name=link.subcontract.organisation.name,
            subject=link.subcontract.subject or "non précisée",
            volume=duration(link.subcontract.due_minutes) if link.subcontract.due_minutes else "aucune",
            above=names.get(link.subcontract.parent_id or 0, line.holder.organisation.name),
        )
        for link in line.below
    )


def _poolings(contract: Contract) -> tuple[PoolingWords, ...]:
    found = []
    for each in contract.pooled.all():
        consent = blank("l’accord écrit de l’acheteur, qui manque au registre")
        if each.consented_on:
            consent = f"{prose_date(each.consented_on)}, {each.consent_reference}"
        found.append(
            PoolingWords(
                title=each.agreement.title,
                company=each.agreement.company.name,
                signed_on=_day(each.agreement.signed_on, "la date de signature"),
                key=each.agreement.get_key_display(),
                consent=consent,
            )
        )
    return tuple(found)


def _amendment(contract: Contract) -> AmendmentWords:
    known = list(contract.amendments.all())
    latest = known[-1] if known else None
    owed = next((each for each in contract.obligations.all() if latest and each.pk == latest.obligation_id), None)
    change = latest.minutes_change if latest else 0
    after = volume_minutes(owed) if owed else 0
    counts = owed.counts if owed else LeverCounts.NOTHING
    sign = "+" if change >= 0 else "−"
    return AmendmentWords(
        exists=latest is not None,
        rank=str(len(known)) if latest else "",
        decided_on=_day(latest.decided_on if latest else None, "la date de la décision"),
        reason=_or_blank(latest.reason.rstrip(". ") if latest else "", "le motif"),
        clause=owed.get_clause_type_display() if owed else "",
        before=clause.volume_of(after - change, counts) if owed else "",
        change=f"{sign}\u00a0{duration(abs(change))}" if change else "",
        after=clause.volume_of(after, counts) if owed else "",
        end_before=_day(latest.former_end_on if latest else None, "la fin d’exécution précédente"),
        end_after=_day(latest.new_end_on if latest else None, "la nouvelle fin d’exécution"),
        changes_volume=bool(change),
        changes_end=bool(latest and latest.new_end_on),
    )
