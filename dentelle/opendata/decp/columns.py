"""From records to columns: the staging tables of one block of one source.

Everything is done a column at a time, and each rule of ``values`` and ``labels`` remembers its answers, so that a clean record costs a few
dictionary look-ups. Flags are gathered only for the values in which a rule saw a defect.
"""

import re
from typing import Any, Final

import pyarrow as pa

from dentelle.opendata.decp import labels, values
from dentelle.opendata.decp.children import Children, first_given
from dentelle.opendata.decp.memory import Memory, integers, long_integers
from dentelle.opendata.decp.record import Record
from dentelle.opendata.decp.staged import BOOL, DATE, STAGED, STAGED_RECORDS, STRING

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
        arrays["flags"] = block.flag_column(frozenset({"number_as_text"}) if textual else frozenset())
        tables = {"records": _placed(arrays, STAGED_RECORDS, source_key, part)}
        for name, columns in block.children.items():
            tables[name] = _placed(columns, STAGED[name], source_key, part)
        for memory in self.memories:
            memory.bound()
        return tables


def _buyer_of(record: Record) -> Any:
    party = record.acheteur
    if party is not None and party.id is not None:
        return party.id
    if record.flat_buyer is not None:
        return record.flat_buyer
    return record.autoriteConcedante.id if record.autoriteConcedante is not None else None


def _buyer_name_of(record: Record) -> Any:
    for party in (record.acheteur, record.autoriteConcedante):
        if party is not None:
            name = party.nom if party.nom is not None else party.nom_padded
            if name is not None:
                return name
    return None


class _Block:
    """The columns of one list of records."""

    def __init__(self, shaper: Shaper, records: list[Record], locals_: list[int], kinds: list[str]) -> None:
        self.shaper, self.records, self.locals, self.kinds = shaper, records, locals_, kinds
        self.flags: dict[int, set[str]] = {}
        self.children: dict[str, Arrays] = {}

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

    def ruled(self, memory: Memory, raws: list[Any], *types: pa.DataType) -> list[pa.Array]:
        """Apply a rule to a column and flag the rows in which it saw a defect."""
        numbers = memory.numbers(raws)
        for row, defect in memory.defects(numbers):
            self.flag(row, defect)
        return memory.columns(numbers, *types)

    def arrays(self) -> Arrays:
        told = self.holders_and_changes()
        arrays = {**told, **self.identity(), **self.subject(), **self.when_and_how_much(), **self.others()}
        for row, record in enumerate(self.records):
            if record.flat_buyer is not None:
                self.flag(row, "flat_key")
            if record.mended is not None:
                for defect in record.mended.split("|"):
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
        numbers = values.texts([record.id for record in records])
        for row, number in enumerate(numbers):
            if number is None:
                self.flag(row, "number_missing")
        buyer_id, buyer_valid = self.ruled(shaper.buyers, [_buyer_of(record) for record in records], STRING, BOOL)
        (buyer_name,) = self.ruled(shaper.texts, [_buyer_name_of(record) for record in records], STRING)
        return {
            "number": pa.array(numbers, STRING),
            "buyer_id": buyer_id,
            "buyer_id_valid": buyer_valid,
            "buyer_name": buyer_name,
        }

    def subject(self) -> Arrays:
        shaper, records = self.shaper, self.records
        objects = values.texts([record.objet for record in records])
        words = values.words([value or "" for value in objects])
        places = [
            (place.code, place.typeCode) if (place := record.lieuExecution) is not None else (None, None)
            for record in records
        ]
        place_code, place_kind = self.ruled(shaper.places, places, STRING, STRING)
        (place_name,) = self.ruled(
            shaper.texts,
            [place.nom if (place := record.lieuExecution) is not None else None for record in records],
            STRING,
        )
        (nature,) = self.ruled(shaper.natures, [record.nature for record in records], STRING)
        (cpv,) = self.ruled(shaper.cpv, [record.codeCPV for record in records], STRING)
        (procedure,) = self.ruled(shaper.procedures, [record.procedure for record in records], STRING)
        return {
            "nature": nature, "object": pa.array(objects, STRING), "object_words": pa.array([found or None for found in words], STRING),
            "lot_mark": pa.array([_lot_mark(found) if "lot" in found else None for found in words], pa.int32()), "cpv": cpv,
            "procedure": procedure, "place_code": place_code, "place_kind": place_kind, "place_name": place_name,
        }  # fmt: skip

    def when_and_how_much(self) -> Arrays:
        shaper, records, kinds = self.shaper, self.records, self.kinds
        if "concession" in kinds:
            notified = [
                record.dateSignature
                if kind == "concession" and record.dateSignature not in (None, "")
                else record.dateNotification
                for record, kind in zip(records, kinds, strict=True)
            ]
            amounts = [_amount(record, kind == "concession") for record, kind in zip(records, kinds, strict=True)]
        else:
            notified = [record.dateNotification for record in records]
            amounts = [bytes(record.montant) for record in records]
        (notified_on,) = self.ruled(shaper.days, notified, DATE)
        (published_on,) = self.ruled(shaper.days, [record.datePublicationDonnees for record in records], DATE)
        months, months_flag = self.ruled(
            shaper.months,
            [(record.dureeMois, kind) for record, kind in zip(records, kinds, strict=True)],
            pa.int32(),
            STRING,
        )
        cents, published, amount_flag = self.amounts(amounts)
        return {
            "notified_on": notified_on, "published_on": published_on, "duration_months": months, "duration_flag": months_flag,
            "amount_cents": cents, "amount_published": published, "amount_flag": amount_flag,
        }  # fmt: skip

    def amounts(self, tokens: list[bytes]) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Amounts seldom come back: they are read one by one, and only the odd ones are looked at twice."""
        read = [values.amount(token) for token in tokens]
        for row, (_, defect) in enumerate(read):
            if defect:
                self.flag(row, defect)
        found = [answer[0] for answer in read]
        return (
            pa.array([each[0] for each in found], pa.int64()),
            pa.array([each[1] for each in found], STRING),
            pa.array([each[2] for each in found], STRING),
        )

    def others(self) -> Arrays:
        shaper, records = self.shaper, self.records
        technique = [given.technique if (given := record.techniques) is not None else None for record in records]
        modality = [
            used.modaliteExecution if (used := record.modalitesExecution) is not None else None for record in records
        ]
        price_type = [priced.typePrix if (priced := record.typesPrix) is not None else None for record in records]
        social = [
            said.considerationSociale if (said := record.considerationsSociales) is not None else None
            for record in records
        ]
        green = [
            told.considerationEnvironnementale if (told := record.considerationsEnvironnementales) is not None else None
            for record in records
        ]
        status, clause, criterion, reserved = self.ruled(shaper.social, social, STRING, BOOL, BOOL, BOOL)
        return {
            "techniques": self.ruled(shaper.joined, technique, STRING)[0],
            "modalities": self.ruled(shaper.joined, modality, STRING)[0],
            "ccag": self.ruled(shaper.texts, [record.ccag for record in records], STRING)[0],
            "price_form": self.ruled(shaper.texts, [record.formePrix for record in records], STRING)[0],
            "price_types": self.ruled(shaper.joined, price_type, STRING)[0],
            "framework_number": self.ruled(shaper.texts, [record.idAccordCadre for record in records], STRING)[0],
            "social_status": status, "social_clause": clause, "social_criterion": criterion, "reserved": reserved,
            "environment_status": self.ruled(shaper.environment, green, STRING)[0],
            "offers_received": self.ruled(shaper.offers, [record.offresRecues for record in records], pa.int32())[0],
            "consortium": self.ruled(shaper.texts, [record.typeGroupementOperateurs for record in records], STRING)[0],
            "subcontracting_declared": self.ruled(shaper.truths, [record.sousTraitanceDeclaree for record in records], BOOL)[0],
            "innovative": self.ruled(shaper.truths, [record.marcheInnovant for record in records], BOOL)[0],
        }  # fmt: skip

    def holders_and_changes(self) -> Arrays:
        """What the records say of their holders; the rows of holders, modifications and subcontracts go to ``children``."""
        rows = Children(self.shaper, self.flag)
        keys: list[str] = []
        counts: list[int] = []
        firsts: list[int] = []
        for row, (record, local) in enumerate(zip(self.records, self.locals, strict=True)):
            given = record.titulaires or record.concessionnaires
            before = len(rows.ids)
            key = rows.holders(row, local, 0, given) if given else ""
            count = len(rows.ids) - before
            if not count:
                self.flag(row, "holder_missing")
            keys.append(key)
            counts.append(count)
            firsts.append(before if count else -1)
            if record.modifications:
                rows.modifications(row, local, self.kinds[row], record.modifications)
            if record.actesSousTraitance:
                rows.subcontracts(row, local, record.actesSousTraitance, record.modificationsActesSousTraitance or [])
        self.children = rows.arrays()
        ids, names = [*rows.ids, None], [*rows.names, None]
        return {
            "holders_key": pa.array(keys, STRING), "holder_count": integers(counts),
            "holder_id": pa.array([ids[first] for first in firsts], STRING),
            "holder_name": pa.array([names[first] for first in firsts], STRING),
            "modified": pa.array([bool(record.modifications) for record in self.records], BOOL),
        }  # fmt: skip


def _amount(record: Record, is_concession: bool) -> bytes:
    return first_given(record.valeurGlobale, record.montant) if is_concession else bytes(record.montant)


_LOT: Final = re.compile(r"\blots? (?:n |no |numero )?0*([0-9]{1,4})\b")


def _lot_mark(object_words: str) -> int | None:
    """The number of the lot when the object gives one: « lot n° 02 » and « LOT 2 » are the same lot."""
    found = _LOT.search(object_words)
    return int(found[1]) if found else None


def _placed(arrays: Arrays, schema: pa.Schema, source_key: int, part: int) -> pa.Table:
    """The columns as a table, each row bearing the source and the block it comes from."""
    rows = len(arrays["local"])
    placed = [pa.repeat(pa.scalar(source_key, pa.int64()), rows), pa.repeat(pa.scalar(part, pa.int32()), rows)]
    placed += [arrays[name] for name in schema.names[2:]]
    return pa.Table.from_arrays(placed, names=schema.names)
