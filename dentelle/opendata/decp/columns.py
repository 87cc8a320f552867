"""From records to columns: the staging tables of one block of one source.

Everything is done a column at a time, and each rule of ``values`` and ``labels`` remembers its answers, so that a clean record costs a few
dictionary look-ups. Flags are gathered only for the values in which a rule saw a defect.
"""

import re
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from dentelle.opendata.decp import labels, values
from dentelle.opendata.decp.amounts import amounts
from dentelle.opendata.decp.children import Children, first_given
from dentelle.opendata.decp.memory import Memory, integers, long_integers
from dentelle.opendata.decp.record import Party, Record
from dentelle.opendata.decp.staged import BOOL, DATE, FILLED, STAGED, STAGED_RECORDS, STRING

Tables = dict[str, pa.Table]
Arrays = dict[str, pa.Array]
Columns = dict[str, list[Any]]


class Shaper:
    """Turns lists of records into staging tables; keeps the memory of the rules from one block to the next."""

    def __init__(self) -> None:
        self.texts = Memory(values.text)
        self.days = Memory(values.day)
        self.months = Memory(values.months_of, 2)
        self.cpv = Memory(values.cpv)
        self.offers = Memory(values.offers)
        self.truths = Memory(values.truth)
        self.buyers = Memory(values.buyer, 2)
        self.procedures = Memory(labels.procedure)
        self.natures = Memory(labels.nature)
        self.places = Memory(labels.place, 2)
        self.social = Memory(labels.social, 4)
        self.environment = Memory(labels.environment)
        self.joined = Memory(labels.joined)
        self.kinds = Memory(labels.holder_kind)
        self.memories = tuple(memory for memory in vars(self).values() if isinstance(memory, Memory))

    def tables(
        self,
        records: list[Record],
        locals_: list[int],
        positions: list[int],
        hashes: pa.Array,
        kinds: list[str],
        generations: list[str],
        *,
        source_key: int,
        part: int,
        textual: bool = False,
        damaged: frozenset[int] = frozenset(),
    ) -> Tables:
        """The staging tables of these records.

        ``textual`` where every value is a text by nature (XML); ``damaged`` are the rows in which an accent was lost.
        """
        block = _Block(self, records, locals_, kinds)
        for row in damaged:
            block.flag(row, "lost_accents")
        arrays = block.arrays()
        arrays["position"], arrays["record_hash"] = long_integers(positions), hashes
        arrays["generation"] = pa.array(generations, pa.string())
        arrays["filled"] = _filled(arrays)
        arrays["flags"] = block.flag_column(frozenset({"number_as_text"}) if textual else frozenset())
        tables = {"records": _placed(arrays, STAGED_RECORDS, source_key, part)}
        for name, columns in block.children.items():
            tables[name] = _placed(columns, STAGED[name], source_key, part)
        for memory in self.memories:
            memory.bound()
        return tables


def _buyers_of(records: list[Record]) -> list[Any]:
    """The identifier of each buyer, wherever the record says it."""
    found = [party.id if (party := record.acheteur) is not None else None for record in records]
    for row, identifier in enumerate(found) if None in found else ():
        if identifier is None:
            record = records[row]
            grantor = record.autoriteConcedante
            found[row] = record.flat_buyer if record.flat_buyer is not None or grantor is None else grantor.id
    return found


def _buyer_names_of(records: list[Record]) -> list[Any]:
    """The name of each buyer, which records of 2022 no longer bear."""
    names = [_name_of(party) if (party := record.acheteur) is not None else None for record in records]
    for row, record in enumerate(records):
        if names[row] is None and record.autoriteConcedante is not None:
            names[row] = _name_of(record.autoriteConcedante)
    return names


def _name_of(party: Party) -> Any:
    return party.nom if party.nom is not None else party.nom_padded


def _told(column: list[Any]) -> list[tuple[int, Any]]:
    """(position, value) of what is given in a column that is mostly empty."""
    if column.count(None) == len(column):
        return []
    return [(row, value) for row, value in enumerate(column) if value is not None]


class _Block:
    """The columns of one list of records."""

    def __init__(self, shaper: Shaper, records: list[Record], locals_: list[int], kinds: list[str]) -> None:
        self.shaper, self.records, self.locals, self.kinds = shaper, records, locals_, kinds
        self.flags: dict[int, set[str]] = {}
        self.children: dict[str, Arrays] = {}

    def given(self, field: str) -> list[Any]:
        """What the records say in one field of the decrees."""
        return list(map(attrgetter(field), self.records))

    def flag(self, row: int, defect: str) -> None:
        self.flags.setdefault(row, set()).add(defect)

    def unflag(self, row: int, defect: str) -> None:
        if row in self.flags:
            self.flags[row].discard(defect)

    def flag_column(self, ignored: frozenset[str]) -> pa.Array:
        flags: list[str | None] = [None] * len(self.records)
        for row, found in self.flags.items():
            flags[row] = "|".join(sorted(found - ignored)) or None
        return pa.array(flags, pa.string())

    def ruled(self, memory: Memory, raws: Sequence[Any], *types: pa.DataType) -> list[pa.Array]:
        """Apply a rule to a column and flag the rows in which it saw a defect."""
        columns, defects = memory.columns(raws, *types)
        for row, defect in defects:
            self.flag(row, defect)
        return columns

    def arrays(self) -> Arrays:
        told = self.holders_and_changes()
        arrays = {**told, **self.identity(), **self.subject(), **self.when_and_how_much(), **self.others()}
        for row, _ in _told(self.given("flat_buyer")):
            self.flag(row, "flat_key")
        for row, mended in _told(self.given("mended")):
            for defect in mended.split("|"):
                self.flag(row, defect)
        if "concession" in self.kinds:
            self.forgive_concessions()
        arrays["local"] = integers(self.locals)
        arrays["kind"] = pa.array(self.kinds, pa.string())
        return arrays

    def forgive_concessions(self) -> None:
        """The decree of 2022 asks concessions for no place and no CPV: their absence is not a defect."""
        for row, kind in enumerate(self.kinds):
            if kind == "concession":
                if self.records[row].lieuExecution is None:
                    self.unflag(row, "place_kind_off_list")
                if self.records[row].codeCPV is None:
                    self.unflag(row, "cpv_missing")

    def identity(self) -> Arrays:
        shaper, records = self.shaper, self.records
        numbers = values.texts(self.given("id"))
        if None in numbers:
            for row, number in enumerate(numbers):
                if number is None:
                    self.flag(row, "number_missing")
        buyer_id, buyer_valid = self.ruled(shaper.buyers, _buyers_of(records), STRING, BOOL)
        (buyer_name,) = self.ruled(shaper.texts, _buyer_names_of(records), STRING)
        return {
            "number": pa.array(numbers, STRING),
            "buyer_id": buyer_id,
            "buyer_id_valid": buyer_valid,
            "buyer_name": buyer_name,
        }

    def subject(self) -> Arrays:
        shaper, given = self.shaper, self.given
        objects = values.texts(given("objet"))
        words = values.words([value or "" for value in objects])
        told = given("lieuExecution")
        places = [(place.code, place.typeCode) if place is not None else (None, None) for place in told]
        place_code, place_kind = self.ruled(shaper.places, places, STRING, STRING)
        (place_name,) = self.ruled(shaper.texts, [place.nom if place is not None else None for place in told], STRING)
        (nature,) = self.ruled(shaper.natures, given("nature"), STRING)
        (cpv,) = self.ruled(shaper.cpv, given("codeCPV"), STRING)
        (procedure,) = self.ruled(shaper.procedures, given("procedure"), STRING)
        return {
            "nature": nature, "object": pa.array(objects, STRING), "object_words": pa.array([found or None for found in words], STRING),
            "lot_mark": pa.array([_lot_mark(found) if "lot" in found else None for found in words], pa.int32()), "cpv": cpv,
            "procedure": procedure, "place_code": place_code, "place_kind": place_kind, "place_name": place_name,
        }  # fmt: skip

    def when_and_how_much(self) -> Arrays:
        shaper, records, kinds, given = self.shaper, self.records, self.kinds, self.given
        notified = given("dateNotification")
        if "concession" in kinds:
            notified = [
                record.dateSignature
                if kind == "concession" and record.dateSignature not in (None, "")
                else record.dateNotification
                for record, kind in zip(records, kinds, strict=True)
            ]
            tokens = [_amount(record, kind == "concession") for record, kind in zip(records, kinds, strict=True)]
        else:
            tokens = list(map(bytes, given("montant")))
        (notified_on,) = self.ruled(shaper.days, notified, DATE)
        (published_on,) = self.ruled(shaper.days, given("datePublicationDonnees"), DATE)
        months, months_flag = self.ruled(
            shaper.months, list(zip(given("dureeMois"), kinds, strict=True)), pa.int32(), STRING
        )
        cents, published, amount_flag, defects = amounts(tokens)
        for row, defect in defects:
            self.flag(row, defect)
        return {
            "notified_on": notified_on, "published_on": published_on, "duration_months": months, "duration_flag": months_flag,
            "amount_cents": cents, "amount_published": published, "amount_flag": amount_flag,
        }  # fmt: skip

    def others(self) -> Arrays:
        shaper, given = self.shaper, self.given
        technique = [each.technique if each is not None else None for each in given("techniques")]
        modality = [each.modaliteExecution if each is not None else None for each in given("modalitesExecution")]
        price_type = [each.typePrix if each is not None else None for each in given("typesPrix")]
        social = [each.considerationSociale if each is not None else None for each in given("considerationsSociales")]
        green = [
            each.considerationEnvironnementale if each is not None else None
            for each in given("considerationsEnvironnementales")
        ]
        status, clause, criterion, reserved = self.ruled(shaper.social, social, STRING, BOOL, BOOL, BOOL)
        return {
            "techniques": self.ruled(shaper.joined, technique, STRING)[0],
            "modalities": self.ruled(shaper.joined, modality, STRING)[0],
            "ccag": self.ruled(shaper.texts, given("ccag"), STRING)[0],
            "price_form": self.ruled(shaper.texts, given("formePrix"), STRING)[0],
            "price_types": self.ruled(shaper.joined, price_type, STRING)[0],
            "framework_number": self.ruled(shaper.texts, given("idAccordCadre"), STRING)[0],
            "social_status": status, "social_clause": clause, "social_criterion": criterion, "reserved": reserved,
            "environment_status": self.ruled(shaper.environment, green, STRING)[0],
            "offers_received": self.ruled(shaper.offers, given("offresRecues"), pa.int32())[0],
            "consortium": self.ruled(shaper.texts, given("typeGroupementOperateurs"), STRING)[0],
            "subcontracting_declared": self.ruled(shaper.truths, given("sousTraitanceDeclaree"), BOOL)[0],
            "innovative": self.ruled(shaper.truths, given("marcheInnovant"), BOOL)[0],
        }  # fmt: skip

    def holders_and_changes(self) -> Arrays:
        """What the records say of their holders; the rows of holders, modifications and subcontracts go to ``children``."""
        rows, given = Children(self.shaper, self.flag), self.given
        changes, deeds = given("modifications"), given("actesSousTraitance")
        holders = [
            named or others for named, others in zip(given("titulaires"), given("concessionnaires"), strict=True)
        ]
        keys, counts, firsts = rows.all_holders(self.locals, holders)
        for row, change in _told(changes):
            rows.modifications(row, self.locals[row], self.kinds[row], change)
        for row, deed in _told(deeds):
            changed = self.records[row].modificationsActesSousTraitance
            rows.subcontracts(row, self.locals[row], deed, changed or [])
        self.children = rows.arrays()
        ids, names = [*rows.ids, None], [*rows.names, None]
        return {
            "holders_key": pa.array(keys, STRING), "holder_count": integers(counts),
            "holder_id": pa.array([ids[first] for first in firsts], STRING),
            "holder_name": pa.array([names[first] for first in firsts], STRING),
            "modified": pa.array(list(map(bool, changes)), BOOL),
        }  # fmt: skip


def _amount(record: Record, is_concession: bool) -> bytes:
    return first_given(record.valeurGlobale, record.montant) if is_concession else bytes(record.montant)


_LOT: Final = re.compile(r"\blots? (?:n |no |numero )?0*([0-9]{1,4})\b")


def _lot_mark(object_words: str) -> int | None:
    """The number of the lot when the object gives one: « lot n° 02 » and « LOT 2 » are the same lot."""
    found = _LOT.search(object_words)
    return int(found[1]) if found else None


def _filled(arrays: Arrays) -> pa.Array:
    """How many of the fields that make a record full each row gives."""
    total = pa.repeat(pa.scalar(0, pa.int32()), len(arrays["number"]))
    for name in FILLED:
        total = pc.add(total, arrays[name].is_valid().cast(pa.int32()))
    return total


def _placed(arrays: Arrays, schema: pa.Schema, source_key: int, part: int) -> pa.Table:
    """The columns as a table, each row bearing the source and the block it comes from."""
    rows = len(arrays["local"])
    placed = [pa.repeat(pa.scalar(source_key, pa.int64()), rows), pa.repeat(pa.scalar(part, pa.int32()), rows)]
    placed += [arrays[name] for name in schema.names[2:]]
    return pa.Table.from_arrays(placed, names=schema.names)
