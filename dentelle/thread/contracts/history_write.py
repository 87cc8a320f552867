"""Writes contracts of a spreadsheet through the acts people use: each leaves its line in the journal, all or nothing."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from dentelle.foundations.directory.models import Kind, Organisation
from dentelle.foundations.intake.models import Drop
from dentelle.foundations.intake.targets import Read, Sheet, Where
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers import lever as lever_of
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.rules.wording import day
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.access import may_write
from dentelle.thread.contracts.actions import ContractContent, ObligationContent
from dentelle.thread.contracts.actions.contract import SIGNED_DATES
from dentelle.thread.contracts.actions.moves import ClosingTotal, is_met, state_total
from dentelle.thread.contracts.companies import organisation_of
from dentelle.thread.contracts.dues import STATED, dues_of
from dentelle.thread.contracts.history_keys import EXECUTION, contract_keys, keys_of, stored_contracts
from dentelle.thread.contracts.models import Contract, Operation
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import ContractState, MoveRefused, awaits_hours, is_signed

_FACTS = ("title", "number", "amount_cents", "kind", "cpv", "notified_on", "starts_on", "ends_on")


class HistoryRefused(Exception):
    """An act refused a line; the message is French and names it. Nothing was written."""


def write_history(where: Where, sheet: Sheet, *, at: datetime) -> int:
    """Write the lines of a file, contract by contract, in the caller's transaction; return how many contracts."""
    actor = where.membership
    if actor is None or not may_write(actor):
        raise HistoryRefused("Votre rôle permet de consulter les contrats, pas d’en inscrire.")
    writer = _Writer(actor, where, at)
    groups: dict[str, list[Read]] = {}
    for read in sheet.lines:
        groups.setdefault(contract_keys(read.values, where.organisation)[0], []).append(read)
    for lines in groups.values():
        try:
            writer.write(lines)
        except (ContractRefused, MoveRefused, ValidationError) as refused:
            raise HistoryRefused(f"Ligne {lines[0].number} : {refused} Rien n’a été écrit.") from refused
    return len(groups)


class _Writer:
    """Holds what is looked up once for a whole file: the contracts there are, operations, organisations, the source."""

    def __init__(self, actor: Membership, where: Where, at: datetime) -> None:
        self._actor, self._where, self._at = actor, where, at
        self._today = timezone.localdate(at)
        self._contracts: dict[str, Contract] = {}
        for stored in stored_contracts(where):
            for key in keys_of(stored.contract):
                self._contracts.setdefault(key, stored.contract)
        self._operations = {each.name: each for each in Operation.objects.filter(structure=where.structure)}
        self._organisations: dict[tuple[str, str], Organisation] = {}
        name = Drop.objects.filter(pk=where.drop).values_list("file__name", flat=True).first() or "tableur"
        self._source = f"« {name} », déposé le {day(self._today)}"[:300]

    def write(self, lines: Sequence[Read]) -> None:
        values = [read.values for read in lines]
        keys = contract_keys(values[0], self._where.organisation)
        contract = next((self._contracts[key] for key in keys if key in self._contracts), None)
        facts = {name: _first(values, name) for name in (*_FACTS, "operation", "buyer_siret", "buyer_name")}
        if contract is None:
            contract = actions.create_contract(self._actor, self._content(facts, None), at=self._at)
        else:
            content = self._content(facts, contract)
            contract = actions.update_contract(
                self._actor, contract.pk, content, expected_revision=contract.revision, at=self._at
            )
        for each in values:
            self._add(contract, each)
        self._move(contract, values)

    def _content(self, facts: dict[str, Any], known: Contract | None) -> ContractContent:
        content = {each.name: getattr(known, each.name) for each in fields(ContractContent)} if known else {}
        content |= {name: facts[name] for name in _FACTS if facts[name] not in (None, "")}
        if known and is_signed(known.state):  # a file never changes what is signed
            content |= {name: getattr(known, name) for name in SIGNED_DATES if getattr(known, name) is not None}
        if facts["operation"]:
            content["operation"] = self._operation(facts["operation"])
        if facts["buyer_siret"]:
            content["buyer"] = self._organisation(facts["buyer_siret"], facts["buyer_name"], Kind.BUYER)
        elif self._where.organisation is not None:
            content["buyer"] = self._where.organisation
        return ContractContent(**content)

    def _operation(self, name: str) -> Operation:
        name = name.strip()
        if name not in self._operations:
            self._operations[name] = actions.create_operation(self._actor, name=name, programme="none", at=self._at)
        return self._operations[name]

    def _organisation(self, siret: str, name: str | None, kind: str) -> Organisation:
        """The organisation of a SIRET; one that nothing can name is said so rather than refused."""
        if (siret, kind) not in self._organisations:
            self._organisations[siret, kind] = organisation_of(
                self._actor, siret, name=name or f"Nom inconnu ({siret})", kind=kind, at=self._at
            )
        return self._organisations[siret, kind]

    def _add(self, contract: Contract, values: Any) -> None:
        """Add the lot, the obligation and the holder of a line that the contract does not have yet."""
        lot = None
        if values.get("lot"):
            lot = contract.lots.filter(number=values["lot"]).first() or self._act(
                actions.add_lot, contract, number=values["lot"], title=values.get("lot_title") or ""
            )
        kind = values.get("clause_type") or EXECUTION
        if values.get("due_minutes") is not None:
            held = contract.obligations.filter(lot=lot, clause_type=kind).first()
            content = ObligationContent(due_minutes=values["due_minutes"], clause_type=kind, lot=lot)
            if held is None:
                self._act(actions.add_obligation, contract, content)
            elif held.due_minutes != values["due_minutes"] and not is_signed(contract.state):
                self._act(actions.update_obligation, contract, held.pk, content)
        if values.get("holder_siret"):
            company = self._organisation(values["holder_siret"], values.get("holder_name"), Kind.COMPANY)
            if not contract.holders.filter(lot=lot, organisation=company).exists():
                self._act(actions.add_holder, contract, company, lot_pk=lot.pk if lot else None)

    def _move(self, contract: Contract, values: Sequence[Any]) -> None:
        """Bring the contract where the file says it stands, by the moves of the table."""
        state = _first(values, "state")
        complete = contract.buyer_id and contract.obligations.exists() and contract.holders.exists()
        if contract.state == ContractState.DRAFT and complete and contract.notified_on and state != "preparing":
            self._act(actions.move_contract, contract, "notify")
        elif contract.state == ContractState.DRAFT and contract.obligations.exists():
            self._act(actions.move_contract, contract, "calibrate")
        begun = contract.starts_on is not None and contract.starts_on <= self._today
        if contract.state == ContractState.NOTIFIED and begun:
            self._act(actions.move_contract, contract, "start")
        total = self._total(contract, values)
        if total is None or not awaits_hours(contract.state):
            return
        if state == "closed" and contract.state == ContractState.RUNNING:
            met = is_met(contract, total)
            code = "close_met" if met else "close_partial"
            self._act(actions.move_contract, contract, code, total=total, reason="" if met else self._source)
        elif any(getattr(contract, STATED[counts]) != minutes for counts, minutes in total.minutes.items()):
            self._act(state_total, contract, total)

    def _total(self, contract: Contract, values: Sequence[Any]) -> ClosingTotal | None:
        """The hours the lines state, counter by counter; the file itself is their source when it names none."""
        minutes: dict[LeverCounts, int] = {}
        for each in values:
            if each.get("stated_minutes") is not None:
                counts = lever_of(each.get("clause_type") or EXECUTION).counts
                minutes[counts] = minutes.get(counts, 0) + each["stated_minutes"]
        if not minutes:
            return None
        for due in dues_of(contract):
            minutes.setdefault(due.counts, 0)
        on: date = min(contract.ends_on, self._today) if contract.ends_on else self._today
        return ClosingTotal(minutes, (_first(values, "stated_source") or self._source)[:300], on)

    def _act(self, act: Any, contract: Contract, *arguments: Any, **named: Any) -> Any:
        """Run one act on the contract as it is now, and know its revision and state afterwards."""
        made = act(self._actor, contract.pk, *arguments, expected_revision=contract.revision, at=self._at, **named)
        contract.refresh_from_db()
        return made


def _first(values: Sequence[Any], name: str) -> Any:
    """What the first line that says it says."""
    return next((each[name] for each in values if each.get(name) not in (None, "")), None)
