"""Rows of holders, modifications and subcontracts of one block."""

from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from dentelle.opendata.decp import bulk, values
from dentelle.opendata.decp.record import Holder, Modification, Raw, Subcontract
from dentelle.opendata.decp.staged import INTEGER, STAGED_HOLDERS, STAGED_MODIFICATIONS, STAGED_SUBCONTRACTS, STRING

Arrays = dict[str, pa.Array]


class Children:
    """Gathers the rows of the child tables."""

    def __init__(self, rules: Any, flag: Callable[[int, str], None]) -> None:
        self.rules, self.flag = rules, flag
        # rows of the columns of their tables, but for where they are staged
        self.held: list[tuple[Any, ...]] = []
        self.modified: list[tuple[Any, ...]] = []
        self.deeds: list[tuple[Any, ...]] = []

    def growing(self) -> list[list[Any]]:
        """Every list that rows are added to."""
        return [self.held, self.modified, self.deeds]

    def all_holders(self, base: int, locals_: list[int], given: list[list[Holder] | None], held: "Held") -> None:
        """What every record says of its holders, added to ``held``; ``base`` is the row of the first of these records in the block.

        A holder alone, with a right SIRET, is told by its record: only the others, one record in ten, get rows of their own.
        """
        for row in held.take_lone(given):
            before = len(self.held)
            key = self.holders(base + row, locals_[row], 0, given[row] or [])
            count = len(self.held) - before
            _, _, _, first, _, _, held.names[base + row] = self.held[before] if count else NO_ROW
            held.apart.append((key, count, first))
            if not count:
                self.flag(base + row, "holder_missing")

    def holders(self, row: int, local: int, change: int, given: list[Holder]) -> str:
        """Write each distinct holder once; return what tells them apart, sorted and joined."""
        seen: list[str] = []
        for wrapped in given:
            holder = wrapped.titulaire or wrapped.concessionnaire or wrapped
            found, kind, valid, name, defect = self.holder(holder)
            mark = found or (f"={name}" if name else "")
            if defect:
                self.flag(row, defect)
            if mark and mark not in seen:
                seen.append(mark)
                self.held.append((local, change, len(seen), found, kind, valid, name))
        return "|".join(sorted(seen))

    def holder(self, holder: Holder) -> tuple[str | None, str, bool, str | None, str]:
        """(identifier, its kind, valid, name, defect) of a holder."""
        kinds = self.rules.kinds
        value = values.identifier(holder.id)[0]
        name = values.text(holder.denominationSociale)[0] if holder.denominationSociale is not None else None
        number = kinds[holder.typeIdentifiant]
        kind, defect = kinds.values_of[number][0], kinds.flagged.get(number, "")
        wrong = values.siret_defect(value)
        if kind == "unknown" and not wrong:
            kind = "SIRET"
        if value is None:
            return None, kind, False, name, defect
        if kind != "SIRET":
            return value, kind, kind != "unknown", name, defect
        told = {"length": "holder_id_not_siret", "key": "holder_id_bad_key", "": defect}[wrong]
        return value, kind, not wrong, name, told

    def modifications(self, row: int, local: int, kind: str, given: list[Modification]) -> None:
        rules = self.rules
        for rank, wrapped in enumerate(given, start=1):
            change = wrapped.modification or wrapped
            (cents, published, amount_flag), _ = values.amount(first_given(change.montant, change.valeurGlobale))
            new_holders = change.titulaires or change.concessionnaires
            self.modified.append((
                local, rank, values.text(change.id)[0],
                self.day(change.dateNotificationModification or change.dateSignatureModification, row),
                self.day(change.datePublicationDonneesModification, row), cents, published, amount_flag,
                rules.months.value((change.dureeMois, kind))[0],
                self.holders(row, local, rank, new_holders) if new_holders else "", values.text(change.objetModification)[0],
            ))  # fmt: skip

    def subcontracts(self, row: int, local: int, given: list[Subcontract], changes: list[Subcontract]) -> None:
        """Write each deed with its last known total: a modification of a deed bears the number of the deed."""
        rules = self.rules
        last = self.last_totals(changes) if changes else {}
        for rank, wrapped in enumerate(given, start=1):
            deed = wrapped.acteSousTraitance or wrapped
            number = values.text(deed.id)[0]
            (cents, published, _), _ = values.amount(bytes(deed.montant))
            new_cents, new_published, new_months = last.get(number, (None, None, None))
            party = deed.sousTraitant
            identifier, kind = self.holder(Holder(party.id, party.typeIdentifiant))[:2] if party else (None, "unknown")
            self.deeds.append((
                local, rank, number, identifier, kind, self.day(deed.dateNotification, row),
                new_months or rules.months.value((deed.dureeMois, "contract"))[0],
                new_cents if new_published is not None else cents, new_published if new_published is not None else published,
            ))  # fmt: skip

    def last_totals(self, changes: list[Subcontract]) -> dict[str | None, tuple[int | None, str | None, int | None]]:
        """By number of deed: the last amount and duration given, in the order of notification."""
        rules = self.rules
        dated = []
        for at, wrapped in enumerate(changes):
            change = wrapped.modificationActeSousTraitance or wrapped
            dated.append((rules.days.value(change.dateNotificationModificationSousTraitance) or 0, at, change))
        last: dict[str | None, tuple[int | None, str | None, int | None]] = {}
        for _, _, change in sorted(dated, key=lambda item: item[:2]):
            number = values.text(change.id)[0]
            (cents, published, _), _ = values.amount(bytes(change.montant))
            months = rules.months.value((change.dureeMois, "contract"))[0]
            before = last.get(number, (None, None, None))
            amount = (cents, published) if published is not None else before[:2]
            last[number] = (*amount, months or before[2])
        return last

    def day(self, raw: Any, row: int) -> int | None:
        days = self.rules.days
        number = days[raw]
        if number in days.flagged:
            self.flag(row, days.flagged[number])
        found: int | None = days.values_of[number][0]
        return found

    def arrays(self) -> dict[str, Arrays]:
        return {
            "holders": _columns(self.held, STAGED_HOLDERS),
            "modifications": _columns(self.modified, STAGED_MODIFICATIONS),
            "subcontracts": _columns(self.deeds, STAGED_SUBCONTRACTS),
        }


def _columns(rows: list[tuple[Any, ...]], schema: pa.Schema) -> Arrays:
    """The columns of a staging table, but for where its rows are staged."""
    fields = [schema.field(name) for name in schema.names[2:]]
    columns = zip(*rows, strict=True) if rows else ((),) * len(fields)
    return {field.name: pa.array(column, field.type) for field, column in zip(fields, columns, strict=True)}


NO_ROW: Final = (None,) * 7
NOBODY: Final = Holder()


class Held:
    """Of each record: what tells its holders apart, how many they are, the first one, whether the record alone tells it."""

    def __init__(self) -> None:
        self.sirets = bulk.written_sirets()
        self.lone = bytearray()  # one byte a record: whether its holder is alone, with a right SIRET
        # of each of the others: key, number of holders, the first one
        self.apart: list[tuple[str, int, str | None]] = []
        self.names: list[str | None] = []

    def growing(self) -> list[Any]:
        """Everything that records are added to."""
        return [*self.sirets.growing(), self.lone, self.apart, self.names]

    def take_lone(self, given: list[list[Holder] | None]) -> list[int]:
        """Note the records that have one holder, of right SIRET, the usual case; return the positions of the others."""
        first = [holders[0] if holders and len(holders) == 1 else NOBODY for holders in given]
        told = [holder.titulaire or holder.concessionnaire or holder for holder in first]
        self.sirets.add([holder.id if holder.typeIdentifiant == "SIRET" else None for holder in told], len(self.lone))
        right = values.keys_right(self.sirets.joined[-1])
        self.lone += right
        names = [holder.denominationSociale for holder in told]
        self.names += [values.text(name)[0] for name in names] if any(names) else [None] * len(names)
        return [row for row, alone in enumerate(right) if not alone]

    def arrays(self) -> Arrays:
        sirets, lone = self.sirets.texts(), bulk.truths(self.lone)
        others = pc.invert(lone)
        keys, counts, first = zip(*self.apart, strict=True) if self.apart else ((), (), ())
        return {
            "holders_key": pc.replace_with_mask(sirets, others, pa.array(keys, STRING)),
            "holder_count": pc.replace_with_mask(pa.repeat(pa.scalar(1, INTEGER), len(lone)), others, pa.array(counts, INTEGER)),
            "holder_id": pc.replace_with_mask(sirets, others, pa.array(first, STRING)),
            "holder_name": pa.array(self.names, STRING), "lone_holder": lone,
        }  # fmt: skip


def first_given(first: Raw, second: Raw) -> bytes:
    """The token of the first amount, or of the second when the first is absent."""
    token = bytes(first)
    return token if token != b"null" else bytes(second)
