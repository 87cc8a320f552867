"""The columns of a file of contracts: one place says what each is called and what it writes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dentelle.foundations.sheets import Cell
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.dues import Due, dues_of, stated_of
from dentelle.thread.contracts.models import KINDS, Contract, ContractQuerySet, Holder
from dentelle.thread.contracts.queries import DUES

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A contract and what it owes, worked out once for all its cells."""

    contract: Contract
    dues: dict[LeverCounts, Due]
    stated: dict[LeverCounts, int]


@dataclass(frozen=True, slots=True)
class Column:
    """``code`` travels in the form of the export, ``label`` heads the column."""

    code: str
    label: str
    write: Callable[[Line], Cell]


def _hours(minutes: int | None) -> Cell:
    if minutes is None:
        return None
    return minutes // 60 if minutes % 60 == 0 else minutes / 60


def _euros(cents: int | None) -> Cell:
    if cents is None:
        return None
    return cents // 100 if cents % 100 == 0 else cents / 100


def _owed(counts: LeverCounts) -> Callable[[Line], Cell]:
    return lambda line: _hours(line.dues[counts].owed) if counts in line.dues else None


def _stated(counts: LeverCounts) -> Callable[[Line], Cell]:
    return lambda line: _hours(line.stated.get(counts))


def _holders(line: Line) -> list[Holder]:
    return list(line.contract.holders.all())


COLUMNS = {
    column.code: column
    for column in (
        Column("numero", "Numéro", lambda line: line.contract.number or None),
        Column("intitule", "Intitulé", lambda line: line.contract.title),
        Column("objet", "Objet", lambda line: line.contract.subject or None),
        Column("etape", "Étape", lambda line: line.contract.get_state_display()),
        Column("acheteur", "Acheteur", lambda line: line.contract.buyer.name if line.contract.buyer else None),
        Column(
            "acheteur_siret",
            "SIRET de l’acheteur",
            lambda line: line.contract.buyer.siret if line.contract.buyer else None,
        ),
        Column(
            "operation", "Opération", lambda line: line.contract.operation.name if line.contract.operation else None
        ),
        Column("titulaires", "Titulaires", lambda line: ", ".join(each.organisation.name for each in _holders(line))),
        Column(
            "titulaires_siret",
            "SIRET des titulaires",
            lambda line: ", ".join(each.organisation.siret or "" for each in _holders(line)),
        ),
        Column("nature", "Nature", lambda line: KINDS.get(line.contract.kind)),
        Column("cpv", "CPV", lambda line: line.contract.cpv or None),
        Column("montant", "Montant (€ HT)", lambda line: _euros(line.contract.amount_cents)),
        Column("heures", "Heures d’insertion dues", _owed(LeverCounts.INSERTION_HOURS)),
        Column("stage", "Heures de stage dues", _owed(LeverCounts.INTERNSHIP_HOURS)),
        Column("protege", "Heures du secteur protégé dues", _owed(LeverCounts.PROTECTED_SECTOR_HOURS)),
        Column(
            "a_chiffrer",
            "Bons de commande à chiffrer",
            lambda line: sum(due.unsized_orders for due in line.dues.values()) or None,
        ),
        Column("constate", "Heures d’insertion constatées", _stated(LeverCounts.INSERTION_HOURS)),
        Column("constate_stage", "Heures de stage constatées", _stated(LeverCounts.INTERNSHIP_HOURS)),
        Column("constate_protege", "Heures du secteur protégé constatées", _stated(LeverCounts.PROTECTED_SECTOR_HOURS)),
        Column("constate_source", "Source du total constaté", lambda line: line.contract.stated_source or None),
        Column("notifie", "Notifié le", lambda line: line.contract.notified_on),
        Column("debut", "Début", lambda line: line.contract.starts_on),
        Column("fin", "Fin", lambda line: line.contract.ends_on),
        Column("clos", "Clos le", lambda line: line.contract.closed_on),
        Column(
            "suivi",
            "Suivi par",
            lambda line: line.contract.facilitator.full_name if line.contract.facilitator else None,
        ),
        Column("chef_de_file", "Structure cheffe de file", lambda line: line.contract.structure.name),
        Column("cle", "Clé Dentelle", lambda line: line.contract.pk),
    )
}


def known_columns(chosen: Sequence[str]) -> list[str]:
    """Keep the columns that exist, in their order; all of them when none is asked for."""
    kept = [code for code in COLUMNS if code in chosen]
    return kept or list(COLUMNS)


def header_of(columns: Sequence[str]) -> list[str]:
    """Return what heads each column of the file."""
    return [COLUMNS[code].label for code in columns]


def rows_of(found: ContractQuerySet, columns: Sequence[str]) -> Iterator[list[list[Cell]]]:
    """Yield the cells of the contracts found, in batches: memory does not grow with the register."""
    writers = [COLUMNS[code].write for code in columns]
    whole = found.select_related("buyer", "operation", "facilitator", "structure").prefetch_related(*DUES)
    batch: list[list[Cell]] = []
    for contract in whole.iterator(chunk_size=BATCH):
        line = Line(contract, {due.counts: due for due in dues_of(contract)}, stated_of(contract))
        batch.append([write(line) for write in writers])
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
