"""From records to columns: the staging tables of one block of one source.

Everything is done a column at a time, and each rule of ``values`` and ``labels`` remembers its answers, so that a clean record costs a few
dictionary look-ups. Flags are gathered only for the values in which a rule saw a defect.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

import pyarrow as pa

from dentelle.opendata.decp import labels, values
from dentelle.opendata.decp.record import Holder, Modification, Raw, Record, Subcontract
from dentelle.opendata.decp.values import Memory

STAGED_RECORDS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("position", pa.int64()),
        ("record_hash", pa.string()),
        ("kind", pa.string()),
        ("generation", pa.string()),
        ("number", pa.string()),
        ("buyer_id", pa.string()),
        ("buyer_id_valid", pa.bool_()),
        ("buyer_name", pa.string()),
        ("nature", pa.string()),
        ("object", pa.string()),
        ("object_words", pa.string()),
        ("lot_mark", pa.int32()),  # the number after « lot » in the object
        ("cpv", pa.string()),
        ("procedure", pa.string()),
        ("techniques", pa.string()),
        ("modalities", pa.string()),
        ("ccag", pa.string()),
        ("price_form", pa.string()),
        ("price_types", pa.string()),
        ("framework_number", pa.string()),
        ("place_code", pa.string()),
        ("place_kind", pa.string()),
        ("place_name", pa.string()),
        ("notified_on", pa.date32()),
        ("published_on", pa.date32()),
        ("duration_months", pa.int32()),
        ("duration_flag", pa.string()),
        ("amount_cents", pa.int64()),
        ("amount_published", pa.string()),
        ("amount_flag", pa.string()),
        ("social_status", pa.string()),
        ("social_clause", pa.bool_()),
        ("social_criterion", pa.bool_()),
        ("reserved", pa.bool_()),
        ("environment_status", pa.string()),
        ("offers_received", pa.int32()),
        ("consortium", pa.string()),
        ("subcontracting_declared", pa.bool_()),
        ("innovative", pa.bool_()),
        ("holders_key", pa.string()),
        ("holder_count", pa.int32()),
        ("holder_id", pa.string()),
        ("holder_name", pa.string()),
        ("modified", pa.bool_()),
        ("flags", pa.string()),
    ]
)
STAGED_HOLDERS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("modification", pa.int32()),  # 0 for the holders of the contract itself
        ("rank", pa.int32()),
        ("holder_id", pa.string()),
        ("holder_id_kind", pa.string()),
        ("holder_id_valid", pa.bool_()),
        ("holder_name", pa.string()),
    ]
)
STAGED_MODIFICATIONS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("rank", pa.int32()),
        ("number", pa.string()),
        ("notified_on", pa.date32()),
        ("published_on", pa.date32()),
        ("amount_cents", pa.int64()),
        ("amount_published", pa.string()),
        ("amount_flag", pa.string()),
        ("duration_months", pa.int32()),
        ("holders_key", pa.string()),
        ("reason", pa.string()),
    ]
)
STAGED_SUBCONTRACTS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("rank", pa.int32()),
        ("number", pa.string()),
        ("subcontractor_id", pa.string()),
        ("subcontractor_id_kind", pa.string()),
        ("notified_on", pa.date32()),
        ("duration_months", pa.int32()),
        ("amount_cents", pa.int64()),
        ("amount_published", pa.string()),
    ]
)
STAGED: Final = {
    "records": STAGED_RECORDS,
    "holders": STAGED_HOLDERS,
    "modifications": STAGED_MODIFICATIONS,
    "subcontracts": STAGED_SUBCONTRACTS,
}
# Beyond this many remembered values a rule starts again from nothing: memory stays bounded on files of any size.
REMEMBERED: Final = 60_000

Tables = dict[str, pa.Table]
Columns = dict[str, list[Any]]


class Shaper:
    """Turns lists of records into staging tables; keeps the memory of the rules from one block to the next."""

    def __init__(self) -> None:
        self.texts = Memory(values.text)
        self.identifiers = Memory(values.identifier)
        self.days = Memory(values.day)
        self.amounts = Memory(values.amount)
        self.months = {"contract": Memory(values.months), "concession": Memory(values.concession_months)}
        self.cpv = Memory(values.cpv)
        self.offers = Memory(values.offers)
        self.truths = Memory(values.truth)
        self.buyers = Memory(values.buyer)
        self.procedures = Memory(labels.procedure)
        self.natures = Memory(labels.nature)
        self.places = Memory(labels.place)
        self.kinds = Memory(labels.holder_kind)
        self.social = Memory(labels.social)
        self.environment = Memory(labels.environment)
        self.joined = Memory(labels.joined)
        self.holders = Memory(_holder)
        self.memories: tuple[Memory, ...] = (
            self.texts, self.identifiers, self.days, self.amounts, *self.months.values(), self.cpv, self.offers, self.truths, self.buyers,
            self.procedures, self.natures, self.places, self.kinds, self.social, self.environment, self.joined, self.holders,
        )  # fmt: skip

    def tables(
        self,
        records: list[Record],
        locals_: list[int],
        positions: list[int],
        hashes: list[str],
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
        block = _Block(self, records, locals_, kinds, frozenset({"number_as_text"}) if textual else frozenset())
        for row in damaged:
            block.flag(row, "lost_accents")
        tables = {
            name: _placed(columns, STAGED[name], source_key, part)
            for name, columns in block.tables(positions, hashes, generations).items()
        }
        for memory in self.memories:
            memory.forget(REMEMBERED)
        return tables


def _holder(raw: tuple[Any, Any]) -> tuple[tuple[str | None, str, bool], str]:
    """``((identifier, kind, valid), defect)`` of a holder."""
    value, _ = values.identifier(raw[0])
    kind, defect = labels.holder_kind(raw[1])
    wrong = values.siret_defect(value)
    if kind == "unknown" and not wrong:
        kind = "SIRET"
    if value is None:
        return (None, kind, False), defect
    if kind != "SIRET":
        return (value, kind, kind != "unknown"), defect
    return (value, kind, not wrong), {"length": "holder_id_not_siret", "key": "holder_id_bad_key", "": defect}[wrong]


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

    def __init__(
        self, shaper: Shaper, records: list[Record], locals_: list[int], kinds: list[str], ignored: frozenset[str]
    ) -> None:
        self.shaper = shaper
        self.ignored = ignored
        self.records = records
        self.locals = locals_
        self.kinds = kinds
        self.flags: dict[int, set[str]] = {}

    def flag(self, row: int, defect: str) -> None:
        self.flags.setdefault(row, set()).add(defect)

    def ruled(self, memory: Memory, raws: list[Any], rows: list[int] | None = None) -> list[Any]:
        """Apply a rule to a column; ``rows`` gives the record of each value when the column is not one value a record."""
        found = [memory[raw] for raw in raws]
        if memory.flagged:
            flagged = memory.flagged
            for at, raw in enumerate(raws):
                if raw in flagged:
                    self.flag(rows[at] if rows is not None else at, flagged[raw])
        return found

    def tables(self, positions: list[int], hashes: list[str], generations: list[str]) -> dict[str, Columns]:
        columns, holders, modifications, subcontracts = self.children()
        columns.update(self.columns())
        columns.update(
            local=self.locals, position=positions, record_hash=hashes, kind=self.kinds, generation=generations
        )
        for row, record in enumerate(self.records):
            if record.flat_buyer is not None:
                self.flag(row, "flat_key")
            if record.mended is not None:
                for defect in record.mended.split("|"):
                    self.flag(row, defect)
        flags: list[str | None] = [None] * len(self.records)
        for row, found in self.flags.items():
            flags[row] = "|".join(sorted(found - self.ignored)) or None
        columns["flags"] = flags
        return {
            "records": columns,
            "holders": holders,
            "modifications": modifications,
            "subcontracts": subcontracts,
        }

    def columns(self) -> Columns:
        shaper, records = self.shaper, self.records
        concession = [kind == "concession" for kind in self.kinds]
        some_concession = any(concession)
        texts, days, joined = shaper.texts, shaper.days, shaper.joined
        buyers = self.ruled(shaper.buyers, [_buyer_of(record) for record in records])
        numbers = [values.text(record.id)[0] for record in records]
        for row, number in enumerate(numbers):
            if number is None:
                self.flag(row, "number_missing")
        objects = [values.text(record.objet)[0] for record in records]
        places = self.ruled(
            shaper.places,
            [
                (place.code, place.typeCode) if (place := record.lieuExecution) is not None else (None, None)
                for record in records
            ],
        )
        if (
            some_concession
        ):  # the decree of 2022 asks concessions for no place and no CPV: their absence is not a defect
            for row, is_concession in enumerate(concession):
                if is_concession and records[row].lieuExecution is None:
                    self.flags.get(row, set()).discard("place_kind_off_list")
        amounts = self.ruled(
            shaper.amounts,
            [_amount(record, is_concession) for record, is_concession in zip(records, concession, strict=True)],
        )
        durations = [shaper.months[kind][record.dureeMois] for record, kind in zip(records, self.kinds, strict=True)]
        for row, record in enumerate(records):
            if defect := shaper.months[self.kinds[row]].flagged.get(record.dureeMois):
                self.flag(row, defect)
        social = self.ruled(
            shaper.social,
            [
                given.considerationSociale if (given := record.considerationsSociales) is not None else None
                for record in records
            ],
        )
        environment = self.ruled(
            shaper.environment,
            [
                stated.considerationEnvironnementale
                if (stated := record.considerationsEnvironnementales) is not None
                else None
                for record in records
            ],
        )
        notified = [
            record.dateNotification if not is_concession or record.dateSignature in (None, "") else record.dateSignature
            for record, is_concession in zip(records, concession, strict=True)
        ]
        words = values.words([value or "" for value in objects])
        cpv = self.ruled(shaper.cpv, [record.codeCPV for record in records])
        for row, is_concession in enumerate(concession) if some_concession else ():
            if is_concession and records[row].codeCPV is None:
                self.flags.get(row, set()).discard("cpv_missing")
        return {
            "number": numbers,
            "buyer_id": [buyer[0] for buyer in buyers],
            "buyer_id_valid": [buyer[1] for buyer in buyers],
            "buyer_name": self.ruled(texts, [_buyer_name_of(record) for record in records]),
            "nature": self.ruled(shaper.natures, [record.nature for record in records]),
            "object": objects,
            "object_words": [found or None for found in words],
            "lot_mark": [_lot_mark(found) for found in words],
            "cpv": cpv,
            "procedure": self.ruled(shaper.procedures, [record.procedure for record in records]),
            "techniques": self.ruled(
                joined, [used.technique if (used := record.techniques) is not None else None for record in records]
            ),
            "modalities": self.ruled(
                joined,
                [
                    run.modaliteExecution if (run := record.modalitesExecution) is not None else None
                    for record in records
                ],
            ),
            "ccag": [texts[record.ccag] for record in records],
            "price_form": [texts[record.formePrix] for record in records],
            "price_types": self.ruled(
                joined, [priced.typePrix if (priced := record.typesPrix) is not None else None for record in records]
            ),
            "framework_number": [values.text(record.idAccordCadre)[0] for record in records],
            "place_code": [place[0] for place in places],
            "place_kind": [place[1] for place in places],
            "place_name": [
                texts[place.nom] if (place := record.lieuExecution) is not None else None for record in records
            ],
            "notified_on": self.ruled(days, notified),
            "published_on": self.ruled(days, [record.datePublicationDonnees for record in records]),
            "duration_months": [duration[0] for duration in durations],
            "duration_flag": [duration[1] for duration in durations],
            "amount_cents": [amount[0] for amount in amounts],
            "amount_published": [amount[1] for amount in amounts],
            "amount_flag": [amount[2] for amount in amounts],
            "social_status": [found[0] for found in social],
            "social_clause": [found[1] for found in social],
            "social_criterion": [found[2] for found in social],
            "reserved": [found[3] for found in social],
            "environment_status": environment,
            "offers_received": self.ruled(shaper.offers, [record.offresRecues for record in records]),
            "consortium": [texts[record.typeGroupementOperateurs] for record in records],
            "subcontracting_declared": self.ruled(shaper.truths, [record.sousTraitanceDeclaree for record in records]),
            "innovative": self.ruled(shaper.truths, [record.marcheInnovant for record in records]),
            "modified": [bool(record.modifications) for record in records],
        }

    def children(self) -> tuple[Columns, Columns, Columns, Columns]:
        """What the records say of their holders, then the rows of holders, modifications and subcontracts."""
        holders: Columns = {name: [] for name in STAGED_HOLDERS.names[2:]}
        modifications: Columns = {name: [] for name in STAGED_MODIFICATIONS.names[2:]}
        subcontracts: Columns = {name: [] for name in STAGED_SUBCONTRACTS.names[2:]}
        keys: list[str] = []
        counts: list[int] = []
        first_ids: list[str | None] = []
        first_names: list[str | None] = []
        ids, names = holders["holder_id"], holders["holder_name"]
        for row, record in enumerate(self.records):
            given = record.titulaires or record.concessionnaires
            before = len(ids)
            key = self.add_holders(holders, row, 0, given) if given else ""
            count = len(ids) - before
            if not count:
                self.flag(row, "holder_missing")
            keys.append(key)
            counts.append(count)
            first_ids.append(ids[before] if count else None)
            first_names.append(names[before] if count else None)
            if record.modifications:
                self.add_modifications(modifications, holders, row, record.modifications)
            if record.actesSousTraitance:
                self.add_subcontracts(
                    subcontracts, row, record.actesSousTraitance, record.modificationsActesSousTraitance or []
                )
        told: Columns = {
            "holders_key": keys,
            "holder_count": counts,
            "holder_id": first_ids,
            "holder_name": first_names,
        }
        return told, holders, modifications, subcontracts

    def add_holders(self, into: Columns, row: int, modification: int, given: Iterable[Holder]) -> str:
        """Write each distinct holder once and return their sorted identifiers, joined."""
        memory, local = self.shaper.holders, self.locals[row]
        seen: dict[str, None] = {}
        for wrapped in given:
            holder = wrapped.titulaire or wrapped.concessionnaire or wrapped
            raw = (holder.id, holder.typeIdentifiant)
            value, kind, valid = memory[raw]
            if raw in memory.flagged:
                self.flag(row, memory.flagged[raw])
            name = self.shaper.texts[holder.denominationSociale] if holder.denominationSociale is not None else None
            mark = value or (f"={name}" if name else "")
            if not mark or mark in seen:
                continue
            seen[mark] = None
            into["local"].append(local)
            into["modification"].append(modification)
            into["rank"].append(len(seen))
            into["holder_id"].append(value)
            into["holder_id_kind"].append(kind)
            into["holder_id_valid"].append(valid)
            into["holder_name"].append(name)
        return next(iter(seen)) if len(seen) == 1 else "|".join(sorted(seen))

    def add_modifications(self, into: Columns, holders: Columns, row: int, given: list[Modification]) -> None:
        shaper, local = self.shaper, self.locals[row]
        for rank, wrapped in enumerate(given, start=1):
            change = wrapped.modification or wrapped
            notified = self.one(
                shaper.days, change.dateNotificationModification or change.dateSignatureModification, row
            )
            amount = shaper.amounts[_first_given(change.montant, change.valeurGlobale)]
            new_holders = change.titulaires or change.concessionnaires or []
            months = shaper.months[self.kinds[row]][change.dureeMois]
            into["local"].append(local)
            into["rank"].append(rank)
            into["number"].append(values.text(change.id)[0])
            into["notified_on"].append(notified)
            into["published_on"].append(self.one(shaper.days, change.datePublicationDonneesModification, row))
            into["amount_cents"].append(amount[0])
            into["amount_published"].append(amount[1])
            into["amount_flag"].append(amount[2])
            into["duration_months"].append(months[0])
            into["holders_key"].append(self.add_holders(holders, row, rank, new_holders) if new_holders else "")
            into["reason"].append(values.text(change.objetModification)[0])

    def add_subcontracts(self, into: Columns, row: int, given: list[Subcontract], changes: list[Subcontract]) -> None:
        """Write each deed with its last known total: a modification of a deed bears the number of the deed."""
        shaper, local = self.shaper, self.locals[row]
        last: dict[str | None, tuple[int | None, str | None, int | None]] = {}
        dated = []
        for at, wrapped in enumerate(changes):
            change = wrapped.modificationActeSousTraitance or wrapped
            dated.append((shaper.days[change.dateNotificationModificationSousTraitance] or 0, at, change))
        for _, _, change in sorted(dated, key=lambda item: item[:2]):
            number = values.text(change.id)[0]
            amount, duration = shaper.amounts[bytes(change.montant)], shaper.months["contract"][change.dureeMois][0]
            before = last.get(number, (None, None, None))
            last[number] = (*(amount[:2] if amount[1] is not None else before[:2]), duration or before[2])
        for rank, wrapped in enumerate(given, start=1):
            deed = wrapped.acteSousTraitance or wrapped
            number = values.text(deed.id)[0]
            cents, published, _ = shaper.amounts[bytes(deed.montant)]
            changed = last.get(number, (None, None, None))
            party = deed.sousTraitant
            value, kind, _ = shaper.holders[(party.id, party.typeIdentifiant)] if party else (None, "unknown", False)
            into["local"].append(local)
            into["rank"].append(rank)
            into["number"].append(number)
            into["subcontractor_id"].append(value)
            into["subcontractor_id_kind"].append(kind)
            into["notified_on"].append(self.one(shaper.days, deed.dateNotification, row))
            into["duration_months"].append(changed[2] or shaper.months["contract"][deed.dureeMois][0])
            into["amount_cents"].append(changed[0] if changed[1] is not None else cents)
            into["amount_published"].append(changed[1] if changed[1] is not None else published)

    def one(self, memory: Memory, raw: Any, row: int) -> Any:
        value = memory[raw]
        if raw in memory.flagged:
            self.flag(row, memory.flagged[raw])
        return value


def _amount(record: Record, is_concession: bool) -> bytes:
    return _first_given(record.valeurGlobale, record.montant) if is_concession else bytes(record.montant)


def _first_given(first: Raw, second: Raw) -> bytes:
    token = bytes(first)
    return token if token != b"null" else bytes(second)


_LOT: Final = re.compile(r"\blots? (?:n |no |numero )?0*([0-9]{1,4})\b")


def _lot_mark(object_words: str) -> int | None:
    """The number of the lot when the object gives one: « lot n° 02 » and « LOT 2 » are the same lot."""
    if "lot" not in object_words:
        return None
    found = _LOT.search(object_words)
    return int(found[1]) if found else None


def _placed(columns: Columns, schema: pa.Schema, source_key: int, part: int) -> pa.Table:
    """The columns as a table, each row bearing the source and the block it comes from."""
    rows = len(columns["local"])
    arrays = [pa.repeat(pa.scalar(source_key, pa.int64()), rows), pa.repeat(pa.scalar(part, pa.int32()), rows)]
    arrays += [pa.array(columns[field.name], field.type) for field in list(schema)[2:]] if rows else []
    return pa.Table.from_arrays(arrays, schema=schema) if rows else schema.empty_table()
