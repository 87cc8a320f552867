"""From records to columns: the staging tables of one block of one source.

Records come by handfuls small enough to stay in the processor's cache: their values are read there, each becoming the small number its rule
remembers it by. The Arrow columns are then made in bulk, once a block. A clean record costs a few dictionary look-ups; flags are gathered only
for the values in which a rule saw a defect.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import astuple

from dentelle.opendata.decp import bulk, labels, values
from dentelle.opendata.decp.children import Children, Held, first_given
from dentelle.opendata.decp.memory import Memory, integers, long_integers, together
from dentelle.opendata.decp.record import MAX_DEPTH, Party, Place, Record, RecordRefused, depth, lenient
from dentelle.opendata.decp.shape import WRAPPERS, chosen, several
from dentelle.opendata.decp.staged import BOOL, FILLED, INTEGER, STAGED, STAGED_RECORDS, STRING

Tables = dict[str, pa.Table]
Arrays = dict[str, pa.Array]


class Handful:
    """A few records, and what they say in each field of the decrees."""

    def __init__(self, records: list[Record], kinds: list[str]) -> None:
        self.records, self.kinds = records, kinds
        self.has_concessions = "concession" in kinds
        self.given: dict[str, tuple[Any, ...]] = dict(
            zip(Record.__struct_fields__, zip(*map(astuple, records), strict=True), strict=True)
        )

    @cached_property
    def buyers(self) -> Sequence[Party | None]:
        """Each buyer, wherever the record says its identifier and its name (which records of 2022 no longer bear)."""
        buyers = self.given["acheteur"]
        elsewhere = self.told("autoriteConcedante") + self.told("flat_buyer")
        if not elsewhere:
            return buyers
        found = list(buyers)
        for row in {row for row, _ in elsewhere}:
            found[row] = _buyer(self.records[row])
        return found

    def told(self, field: str) -> list[tuple[int, Any]]:
        """(position, value) of what is given in a field that is mostly empty."""
        column = self.given[field]
        if column.count(None) == len(column):
            return []
        return [(row, value) for row, value in enumerate(column) if value is not None]


class Ruled(NamedTuple):
    """Columns made by one rule: the memory of the rule, where its raw values are, the columns its answers fill."""

    memory: str
    raws: Callable[[Handful], Iterable[Any]]
    columns: tuple[tuple[str, pa.DataType], ...]


def _field(name: str) -> Callable[[Handful], Iterable[Any]]:
    return lambda handful: handful.given[name]


def _buyer(record: Record) -> Party:
    """The buyer of a record that names one elsewhere than under ``acheteur``, or as well."""
    buyer, grantor = record.acheteur or Party(), record.autoriteConcedante or Party()
    identifier, name = buyer.id, buyer.nom
    if identifier is None:
        identifier = record.flat_buyer if record.flat_buyer is not None else grantor.id
    return Party(identifier, name if name is not None else grantor.nom)


def _notified(handful: Handful) -> Sequence[Any]:
    if not handful.has_concessions:
        return handful.given["dateNotification"]
    return [
        record.dateSignature
        if kind == "concession" and record.dateSignature not in (None, "")
        else record.dateNotification
        for record, kind in zip(handful.records, handful.kinds, strict=True)
    ]


def _written(names: tuple[str, ...]) -> Callable[[Handful], Iterable[bytes]]:
    """What the record gives in those fields, as written, a comma between two: the inside of a JSON list."""
    return lambda handful: map(b",".join, zip(*[handful.given[name] for name in names], strict=True))


# what is chosen from short lists: one label a field, or several under its wrapper
FORMS: Final = (
    "nature", "procedure", "ccag", "formePrix", "typeGroupementOperateurs", "sousTraitanceDeclaree", "marcheInnovant",
)  # fmt: skip
CHOICES: Final = tuple(WRAPPERS)

RULED: Final = (
    Ruled("texts", lambda handful: [buyer and buyer.nom for buyer in handful.buyers], (("buyer_name", STRING),)),
    Ruled("cpv", _field("codeCPV"), (("cpv", STRING),)),
    Ruled(
        "months",
        lambda handful: zip(handful.given["dureeMois"], handful.kinds, strict=True),
        (("duration_months", INTEGER), ("duration_flag", STRING)),
    ),
    Ruled("texts", _field("idAccordCadre"), (("framework_number", STRING),)),
    Ruled("offers", _field("offresRecues"), (("offers_received", INTEGER),)),
    Ruled(
        "forms",
        _written(FORMS),
        (
            ("nature", STRING), ("procedure", STRING), ("ccag", STRING), ("price_form", STRING), ("consortium", STRING),
            ("subcontracting_declared", BOOL), ("innovative", BOOL),
        ),
    ),
    Ruled(
        "choices",
        _written(CHOICES),
        (
            ("techniques", STRING), ("modalities", STRING), ("price_types", STRING), ("social_status", STRING), ("social_clause", BOOL),
            ("social_criterion", BOOL), ("reserved", BOOL), ("environment_status", STRING),
        ),
    ),
)  # fmt: skip


class Shaper:
    """Turns records into staging tables; keeps the memory of the rules from one block to the next."""

    def __init__(self) -> None:
        self.texts = Memory(values.text)
        self.days = Memory(values.day)
        self.months = Memory(values.months_of, 2)
        self.cpv = Memory(values.cpv)
        self.offers = Memory(values.offers)
        self.places = Memory(_place_rule, 3)
        self.kinds = Memory(labels.holder_kind)
        one_label = (labels.nature, labels.procedure, values.text, values.text, values.text, values.truth, values.truth)
        self.forms = Memory(_as_written(FORMS, chosen, together(*one_label)), 7)
        more_labels = (labels.joined, labels.joined, labels.joined, labels.social, labels.environment)
        self.choices = Memory(_as_written(CHOICES, several, together(*more_labels)), 8)
        self.memories = {name: memory for name, memory in vars(self).items() if isinstance(memory, Memory)}

    def block(self) -> "BlockColumns":
        """The columns of a new block; those of the former must have been made into tables, since numbers may be forgotten here."""
        for memory in self.memories.values():
            memory.bound()
        return BlockColumns(self)


_place_parts: Final = together(labels.place, values.text)


NOWHERE: Final = Place()


def _place_rule(place: Any) -> tuple[Any, str]:
    """What a place says, or a kind of place whose code has five digits: what is made of it does not depend on which ones."""
    told = place if isinstance(place, Place) else Place(bulk.FIVE_DIGITS, place)
    return _place_parts(((told.code, told.typeCode), told.nom))


def _as_written(
    names: tuple[str, ...],
    shaped: Callable[[list[Any], tuple[str, ...], set[str]], tuple[Any, ...]],
    rule: Callable[[Any], tuple[Any, str]],
) -> Callable[[bytes], tuple[Any, str]]:
    """A rule of the values of several fields, for what is written there, a comma between two."""

    def read(tokens: bytes) -> tuple[Any, str]:
        written = b"[" + tokens + b"]"
        if depth(written) > MAX_DEPTH:  # an attack or an accident: taking it apart could exhaust the stack
            return rule((None,) * len(names))[0], "unreadable_value"
        try:
            given, defects = lenient(written)
        except RecordRefused:
            given, defects = _one_by_one(written)
        answer, defect = rule(shaped(given, names, defects))
        return answer, "|".join([*sorted(defects), *([defect] if defect else [])])

    return read


def _one_by_one(written: bytes) -> tuple[list[Any], set[str]]:
    """The values of a JSON list in which one cannot be read (a number beyond all numbers): nothing is said there, and it is flagged."""
    given: list[Any] = []
    defects = {"unreadable_value"}
    for token in msgspec.json.decode(written, type=list[msgspec.Raw]):
        try:
            value, seen = lenient(bytes(token))
        except RecordRefused:
            value, seen = None, set()
        given.append(value)
        defects |= seen
    return given, defects


class Flags(dict[int, set[str]]):
    """The defects of each row that has some, rows counted from the start of the block."""

    def note(self, row: int, defect: str) -> None:
        self.setdefault(row, set()).add(defect)


class BlockColumns:
    """The columns of one block, filled handful after handful.

    A handful leaves bytes and small numbers: what it was decoded into is let go before the next one, which takes its place in memory.
    Nothing here refers back to it: blocks are read with the garbage collector off, and a circle would keep each of them.
    """

    def __init__(self, shaper: Shaper) -> None:
        self.shaper = shaper
        self.flags = Flags()
        self.rows = Children(shaper, self.flags.note)
        self.count = 0
        self.forgiven: list[tuple[int, str]] = []
        self.met: list[array[int]] = [array("i") for _ in RULED]
        self.codes, self.places = bulk.written_codes(), array("i")
        # of each handful, those of its records end to end
        self.numbers: list[bytes] = []
        self.objects: list[bytes] = []
        self.words: list[bytes] = []
        self.tokens: list[bytes] = []
        self.buyers = bulk.written_sirets()
        self.notified, self.published = bulk.written_days(), bulk.written_days()
        self.locals = array("i")
        self.kinds: list[str] = []
        self.held = Held()
        self.modified = bytearray()

    def growing(self) -> list[Any]:
        """Every list that records are added to."""
        return [
            self.forgiven, *self.met, self.places, *self.codes.growing(), self.numbers, self.objects, self.words, self.tokens,
            *self.buyers.growing(), *self.notified.growing(), *self.published.growing(), self.locals, self.kinds, *self.held.growing(),
            self.modified, *self.rows.growing(),
        ]  # fmt: skip

    def recount(self) -> None:
        """Agree again with what was added, once the last records are taken away."""
        self.count = len(self.locals)
        for row in [row for row in self.flags if row >= self.count]:
            del self.flags[row]

    def add(self, records: list[Record], locals_: list[int], kinds: list[str]) -> None:
        """Read the values of some more records."""
        handful = Handful(records, kinds)
        for numbers, ruled in zip(self.met, RULED, strict=True):
            numbers.extend(self.shaper.memories[ruled.memory].numbers(ruled.raws(handful)))
        self.somewhere(handful.given["lieuExecution"])
        self.subject(handful)
        self.buyers.add([buyer and buyer.id for buyer in handful.buyers], self.count)
        self.notified.add(_notified(handful), self.count)
        self.published.add(handful.given["datePublicationDonnees"], self.count)
        self.tokens.append(values.BETWEEN.encode().join(_amounts(handful)))
        if handful.has_concessions:
            self.forgive_concessions(handful)
        for row, _ in handful.told("flat_buyer"):
            self.flags.note(self.count + row, "flat_key")
        self.note([(self.count + row, mended) for row, mended in handful.told("mended")])
        self.holders_and_changes(handful, locals_)
        self.locals.extend(locals_)
        self.kinds += kinds
        self.count += len(records)

    def somewhere(self, places: Sequence[Place | None]) -> None:
        """Keep codes of five digits as they are, the rest of a place as a remembered number."""
        written = self.codes.add(
            [place.code if place is not None and place.nom is None else None for place in places], self.count
        )
        other = self.codes.filler
        asked = [
            place or NOWHERE if code is other else place.typeCode  # type: ignore[union-attr]  # a code was read: there is a place
            for code, place in zip(written, places, strict=True)
        ]
        self.places.extend(map(self.shaper.places.__getitem__, asked))

    def subject(self, handful: Handful) -> None:
        numbers, _, written = self.straight(handful.given["id"])
        self.numbers.append(written)
        for row, number in enumerate(numbers) if not all(numbers) else ():
            if number is None:
                self.flags.note(self.count + row, "number_missing")
        _, objects, written = self.straight(handful.given["objet"])
        self.objects.append(written)
        self.words.append(values.joined_words(objects))

    def straight(self, raws: Sequence[Any]) -> tuple[list[str | None], str, bytes]:
        """``values.texts``, without the signs that turn the reading around; the same end to end, and in UTF-8."""
        found, defects = values.texts(raws)
        joined = values.end_to_end(found)
        written = joined.encode()
        if values.turned(written):
            for row, value in enumerate(found):
                if value and values.turned(value.encode()):
                    found[row], defect = values.text(value)
                    defects.append((row, defect))
            joined = values.end_to_end(found)
            written = joined.encode()
        for row, defect in defects:
            if defect == "direction_signs":
                self.flags.note(self.count + row, defect)
        return found, joined, written

    def forgive_concessions(self, handful: Handful) -> None:
        """The decree of 2022 asks concessions for no place and no CPV: their absence is not a defect."""
        for row, kind in enumerate(handful.kinds):
            if kind == "concession":
                if handful.given["lieuExecution"][row] is None:
                    self.forgiven.append((self.count + row, "place_kind_off_list"))
                if handful.given["codeCPV"][row] is None:
                    self.forgiven.append((self.count + row, "cpv_missing"))

    def holders_and_changes(self, handful: Handful, locals_: list[int]) -> None:
        """What the records say of their holders; the rows of holders, modifications and subcontracts go to ``rows``."""
        rows, given = self.rows, handful.given
        holders = [
            named or others for named, others in zip(given["titulaires"], given["concessionnaires"], strict=True)
        ]
        rows.all_holders(self.count, locals_, holders, self.held)
        self.modified += bytes(map(bool, given["modifications"]))
        for row, change in handful.told("modifications"):
            rows.modifications(self.count + row, locals_[row], handful.kinds[row], change)
        for row, deed in handful.told("actesSousTraitance"):
            changed = handful.records[row].modificationsActesSousTraitance
            rows.subcontracts(self.count + row, locals_[row], deed, changed or [])

    def tables(
        self,
        positions: list[int],
        hashes: pa.Array,
        generations: list[str],
        *,
        source_key: int,
        part: int,
        textual: bool,
    ) -> Tables:
        """The staging tables of the records added; ``textual`` where every value is a text by nature (XML)."""
        words = bulk.words(self.words)
        arrays = {
            "number": bulk.texts(self.numbers), "object": bulk.texts(self.objects), "object_words": words,
            "lot_mark": bulk.lot_marks(words), "modified": bulk.truths(self.modified),
        }  # fmt: skip
        for numbers, ruled in zip(self.met, RULED, strict=True):
            made, defects = self.shaper.memories[ruled.memory].columns(numbers, *[kind for _, kind in ruled.columns])
            arrays |= zip([name for name, _ in ruled.columns], made, strict=True)
            self.note(defects)
        children = self.rows.arrays()
        arrays |= self.located() | self.money() | self.days() | self.bought_by() | self.held.arrays()
        for row, defect in self.forgiven:
            self.flags.get(row, set()).discard(defect)
        arrays["local"], arrays["kind"] = integers(self.locals), _label(self.kinds)
        arrays["position"], arrays["record_hash"] = long_integers(positions), hashes
        arrays["generation"] = _label(generations)
        arrays["filled"] = _filled(arrays)
        arrays["flags"] = self.flag_column(frozenset({"number_as_text"}) if textual else frozenset())
        tables = {"records": _placed(arrays, STAGED_RECORDS, source_key, part)}
        for name, columns in children.items():
            tables[name] = _placed(columns, STAGED[name], source_key, part)
        return tables

    def located(self) -> Arrays:
        (code, kind, name), defects = self.shaper.places.columns(self.places, STRING, STRING, STRING)
        self.note(defects)
        code = pc.if_else(self.codes.written(self.count), self.codes.texts(), code.cast(STRING))
        return {"place_code": code, "place_kind": kind, "place_name": name}

    def note(self, defects: bulk.Defects) -> None:
        """Flag rows with what was found there, defects of one row joined by ``|``."""
        for row, found in defects:
            for defect in found.split("|"):
                self.flags.note(row, defect)

    def money(self) -> Arrays:
        cents, published, amount_flag, defects = bulk.amounts(self.tokens)
        self.note(defects)
        return {"amount_cents": cents, "amount_published": published, "amount_flag": amount_flag}

    def days(self) -> Arrays:
        notified, defects = bulk.days(self.notified, self.shaper.days)
        published, others = bulk.days(self.published, self.shaper.days)
        self.note(defects + others)
        return {"notified_on": notified, "published_on": published}

    def bought_by(self) -> Arrays:
        identifiers, valid, defects = bulk.buyers(self.buyers)
        self.note(defects)
        return {"buyer_id": identifiers.dictionary_encode(), "buyer_id_valid": valid}

    def flag_column(self, ignored: frozenset[str]) -> pa.Array:
        flags: list[str | None] = [None] * self.count
        for row, found in self.flags.items():
            flags[row] = "|".join(sorted(found - ignored)) or None
        return pa.array(flags, STRING)


def _amounts(handful: Handful) -> Iterable[Any]:
    """The token of each amount."""
    if not handful.has_concessions:
        return handful.given["montant"]
    return [
        first_given(record.valeurGlobale, record.montant) if kind == "concession" else record.montant
        for record, kind in zip(handful.records, handful.kinds, strict=True)
    ]


def _label(told: list[str]) -> pa.Array:
    """A column of what is most often the same in a whole block."""
    if told.count(told[0]) == len(told):
        return pa.repeat(pa.scalar(told[0], STRING), len(told))
    return pa.array(told, STRING)


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
