"""Contracts and their history from the spreadsheets of other tools: what is read, how a line is found again.

One line is a contract, or one of its lots under one type of clause. Nothing signed is changed by a file: what is owed then
changes by amendment only, and a file that says otherwise is refused at its line.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from dentelle.foundations.directory.identifiers import IdentifierRefused, read_identifier
from dentelle.foundations.intake.targets import Known, Problem, Sheet, Target, Values, Where, WriteRefused
from dentelle.opendata.text import fold
from dentelle.rules.levers import lever as lever_of
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.rules.trades import CpvMalformed, trade_of_cpv
from dentelle.thread.contracts.dues import STATED
from dentelle.thread.contracts.history_fields import FIELDS
from dentelle.thread.contracts.history_keys import EXECUTION, contract_keys, keys_of, stored_contracts
from dentelle.thread.contracts.history_write import HistoryRefused, write_history
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.states import WRITER_ROLES, is_open, is_signed

_LENGTHS = {"title": 200, "number": 60, "lot": 20, "lot_title": 200, "operation": 200, "stated_source": 300, "cpv": 10}
_FIXED = ("due_minutes", "lot_title", "holder_siret")


class ContractHistoryTarget(Target):
    """The contracts of a structure, as another tool or a spreadsheet followed them."""

    code = "contrats"
    label = "des contrats suivis ailleurs"
    intro = (
        "Le tableau de suivi que vous tenez déjà, ou l’export d’un autre outil : opérations, contrats, lots, titulaires, "
        "heures dues et heures réalisées avec leur source."
    )
    rule = "Un contrat est retrouvé par son acheteur et son numéro, à défaut son intitulé ; une ligne, par son lot et son type de clause."
    fields = FIELDS
    roles = WRITER_ROLES
    organisation_required = False
    organisation_label = "Acheteur de tous ces contrats"
    long_from = 100

    def check(self, values: Values, where: Where) -> Iterable[Problem]:
        for name, most in _LENGTHS.items():
            if len(values.get(name) or "") > most:
                yield Problem(name, f"Plus de {most} caractères : raccourcissez.")
        yield from _parties(values)
        if values.get("amount_cents") == 0:
            yield Problem("amount_cents", "Un montant nul ne dit rien : écrivez-le, ou laissez la case vide.")
        if values.get("cpv"):
            try:
                trade_of_cpv(values["cpv"])
            except CpvMalformed:
                yield Problem("cpv", f"« {values['cpv']} » n’est pas un code CPV : de deux à huit chiffres.")
        starts, ends = values.get("starts_on"), values.get("ends_on")
        if starts and ends and ends < starts:
            yield Problem("ends_on", "La fin de l’exécution précède son début.")
        yield from _hours(values, where)

    def check_known(self, values: Values, known: Known) -> Iterable[Problem]:
        state = known.values["state_now"]
        if not is_open(state):
            yield Problem("", "Ce contrat est clos ou abandonné dans le registre : rouvrez-le avant de le changer.")
        elif is_signed(state):
            for name in _FIXED:
                given, held = values.get(name), known.values.get(name)
                if given not in (None, "") and held not in (None, "") and given != held:
                    yield Problem(
                        name, "Le marché est notifié : ceci ne change que par un avenant, sur la page du contrat."
                    )

    def keys(self, values: Values, seen: dict[str, int]) -> tuple[str, ...]:
        line = f"@{fold(values.get('lot') or '')}@{values.get('clause_type') or EXECUTION}"
        return tuple(f"{each}{line}" for each in contract_keys(values, None))

    def known(self, where: Where) -> Mapping[str, Known]:
        found: dict[str, Known] = {}
        for stored in stored_contracts(where):
            contract = stored.contract
            facts = _facts(contract)
            by_lot: dict[int | None, str] = {None: "", **{lot.pk: fold(number) for number, lot in stored.lots.items()}}
            for pk, number in by_lot.items():
                if pk is None and stored.lots and (None, EXECUTION) not in stored.obligations:
                    continue
                types = [kind for lot, kind in stored.obligations if lot == pk] or [EXECUTION]
                for kind in types:
                    owed = stored.obligations.get((pk, kind))
                    holder = stored.holders.get(pk)
                    values = facts | {
                        "lot": number,
                        "clause_type": kind,
                        "due_minutes": owed.due_minutes if owed else None,
                        "holder_siret": holder.organisation.identifier if holder else "",
                    }
                    key = owed.pk if owed else -contract.pk
                    for name in keys_of(contract):
                        found.setdefault(f"{name}@{number}@{kind}", Known(key, values))
        return found

    def write(self, where: Where, sheet: Sheet, *, at: datetime) -> str:
        try:
            write_history(where, sheet, at=at)
        except HistoryRefused as refused:
            raise WriteRefused(str(refused)) from refused
        return "register"

    def follow(self, leads_to: str, *, seated: bool) -> str:
        return reverse("contracts:list")


def _facts(contract: Contract) -> dict[str, Any]:
    stated = [getattr(contract, name) for name in STATED.values() if getattr(contract, name) is not None]
    return {
        "title": contract.title,
        "number": contract.number,
        "operation": contract.operation.name if contract.operation else "",
        "buyer_siret": contract.buyer.identifier if contract.buyer else "",
        "amount_cents": contract.amount_cents,
        "kind": contract.kind,
        "cpv": contract.cpv,
        "notified_on": contract.notified_on,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "stated_minutes": sum(stated) if stated else None,
        "stated_source": contract.stated_source,
        "state": _stage(contract.state),
        "state_now": contract.state,
    }


def _stage(state: str) -> str:
    """Where a contract stands, in the words of a file."""
    if is_signed(state):
        return "running" if is_open(state) else "closed"
    return "preparing" if is_open(state) else ""


def _parties(values: Values) -> Iterable[Problem]:
    for who, word in (("buyer", "L’acheteur"), ("holder", "Le titulaire")):
        siret, name = values.get(f"{who}_siret"), values.get(f"{who}_name")
        if siret:
            try:
                read_identifier(siret)
            except IdentifierRefused as refused:
                yield Problem(f"{who}_siret", str(refused))
        elif name and who == "holder":
            yield Problem("holder_name", f"{word} « {name} » n’a pas de SIRET : écrivez-le, ou videz cette case.")


def _hours(values: Values, where: Where) -> Iterable[Problem]:
    kind = values.get("clause_type") or EXECUTION
    counts = lever_of(kind).counts
    due, done = values.get("due_minutes"), values.get("stated_minutes")
    if due and counts is LeverCounts.NOTHING:
        yield Problem("due_minutes", "Ce type de clause ne compte pas d’heures : videz la case, ou changez le type.")
    if done is None and values.get("state") != "closed":
        return
    missing = [
        word
        for name, word in (
            ("due_minutes", "les heures dues"),
            ("notified_on", "la date de notification"),
            ("holder_siret", "le SIRET du titulaire"),
            ("starts_on", "la date de début"),
        )
        if values.get(name) in (None, "")
    ]
    if not values.get("buyer_siret") and where.organisation is None:
        missing.append("le SIRET de l’acheteur")
    if values.get("state") == "closed" and done is None:
        missing.append("les heures réalisées")
    if missing:
        yield Problem("", f"Un marché exécuté demande aussi {', '.join(missing)} : complétez la ligne.")
