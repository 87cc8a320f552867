"""One published record, 2019 or 2022: the typed reading of clean ones, the mending of the others.

Every record goes through the same typed decoder. When it refuses one, the record is read leniently, brought back to the expected shape
(``shape``) and handed to the decoder again: there is one reading, never two.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
import orjson

from dentelle.opendata.decp.shape import shape

Text = str | int | float | None
Raw = msgspec.Raw
NOTHING: Final = msgspec.Raw(b"null")
MAX_RECORD_BYTES: Final = 8 * 1024 * 1024
# The decrees nest five levels, wrappings seen in the wild eight: what is deeper is an attack or an accident, never a contract.
MAX_DEPTH: Final = 64


class Holder(msgspec.Struct, gc=False):
    """A holder, bare (2019) or wrapped under ``titulaire`` or ``concessionnaire`` (2022)."""

    id: Text = None
    typeIdentifiant: Text = None
    denominationSociale: Text = None
    titulaire: "Holder | None" = None
    concessionnaire: "Holder | None" = None


class Party(msgspec.Struct, gc=False, frozen=True):
    id: Text = None
    nom: Text = None
    typeIdentifiant: Text = None


class Place(msgspec.Struct, gc=False, frozen=True):
    code: Text = None
    typeCode: Text = None
    nom: Text = None


class Modification(msgspec.Struct, gc=False):
    """A modification, bare (2019) or wrapped (2022)."""

    id: Text = None
    objetModification: Text = None
    dateNotificationModification: Text = None
    dateSignatureModification: Text = None
    datePublicationDonneesModification: Text = None
    dureeMois: Text = None
    montant: Raw = NOTHING
    valeurGlobale: Raw = NOTHING
    titulaires: list[Holder] | None = None
    concessionnaires: list[Holder] | None = None
    modification: "Modification | None" = None


class Subcontract(msgspec.Struct, gc=False):
    """A subcontracting deed, or the modification of one."""

    id: Text = None
    sousTraitant: Party | None = None
    dureeMois: Text = None
    dateNotification: Text = None
    dateNotificationModificationSousTraitance: Text = None
    datePublicationDonnees: Text = None
    montant: Raw = NOTHING
    acteSousTraitance: "Subcontract | None" = None
    modificationActeSousTraitance: "Subcontract | None" = None


class Record(msgspec.Struct, gc=False):
    """A contract or a concession as published; field names are those of the decrees.

    What is chosen from lists stays as written (``labels``): a file says the same few labels on every record.
    """

    id: Text = None
    type_: Text = msgspec.field(name="_type", default=None)
    acheteur: Party | None = None
    flat_buyer: Text = msgspec.field(name="acheteur.id", default=None)
    autoriteConcedante: Party | None = None
    nature: Raw = NOTHING
    objet: Text = None
    codeCPV: Text = None
    procedure: Raw = NOTHING
    techniques: Raw = NOTHING
    modalitesExecution: Raw = NOTHING
    idAccordCadre: Text = None
    marcheInnovant: Raw = NOTHING
    sousTraitanceDeclaree: Raw = NOTHING
    ccag: Raw = NOTHING
    offresRecues: Text = None
    typeGroupementOperateurs: Raw = NOTHING
    lieuExecution: Place | None = None
    dureeMois: Text = None
    dateNotification: Text = None
    dateSignature: Text = None
    datePublicationDonnees: Text = None
    montant: Raw = NOTHING
    valeurGlobale: Raw = NOTHING
    formePrix: Raw = NOTHING
    typesPrix: Raw = NOTHING
    titulaires: list[Holder] | None = None
    concessionnaires: list[Holder] | None = None
    considerationsSociales: Raw = NOTHING
    considerationsEnvironnementales: Raw = NOTHING
    modifications: list[Modification] | None = None
    actesSousTraitance: list[Subcontract] | None = None
    modificationsActesSousTraitance: list[Subcontract] | None = None
    # defects seen while mending, joined by |; never a published field
    mended: str | None = msgspec.field(name="(mended)", default=None)


class RecordRefused(Exception):
    """A record that cannot be read: the code of its defect."""

    def __init__(self, defect: str) -> None:
        super().__init__(defect)
        self.defect = defect


DECODER: Final = msgspec.json.Decoder(Record)
decode = DECODER.decode


def known(record: Record) -> bool:
    """Whether a record carries what makes it DECP: a buyer, an object, a CPV code, holders, or at least a number and what it is about."""
    return (
        record.acheteur is not None
        or record.autoriteConcedante is not None
        or record.flat_buyer is not None
        or record.objet is not None
        or record.codeCPV is not None
        or record.titulaires is not None
        or record.concessionnaires is not None
        or (
            record.id is not None
            and any(token != NOTHING for token in (record.procedure, record.nature, record.montant))
        )
    )


def mend(raw: bytes) -> Record:
    """Read a record the strict decoder refused; raise RecordRefused when nothing can be made of it."""
    if len(raw) > MAX_RECORD_BYTES:
        raise RecordRefused("record_too_large")
    if depth(raw) > MAX_DEPTH:
        raise RecordRefused("record_too_deep")
    value, defects = lenient(raw)
    return from_object(value, defects)


def from_object(value: Any, defects: set[str]) -> Record:
    """The record of an already decoded value of any shape."""
    if not isinstance(value, dict):
        raise RecordRefused("null_contract")
    shaped = shape(value, defects)
    if defects:
        shaped["(mended)"] = "|".join(sorted(defects))
    try:
        record = decode(orjson.dumps(shaped))
    except (msgspec.MsgspecError, orjson.JSONEncodeError, UnicodeError) as error:
        raise RecordRefused("broken_record") from error
    if not known(record):
        raise RecordRefused("empty_record")
    return record


# a string left open runs to the end of the text: failing there would try again at each of its quotes
_TOKENS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[{}\[\]]', re.DOTALL)
_BARE_WORDS: Final = re.compile(rb'("(?:[^"\\]++|\\.)*+"?)|-?\b(?:NaN|Infinity|nan|None|undefined)\b', re.DOTALL)
_CONTROLS: Final = re.compile(rb"[\x00-\x1f]")
_BAD_ESCAPE: Final = re.compile(rb'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)', re.DOTALL)
_LONE_SURROGATES: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
# a quote that really ends a string is followed by a sign of structure
_RUNAWAY_QUOTE: Final = re.compile(rb'(?<!\\)\\++"(?=\s*(?:[}\]]|:\s*["\d\[{tfn-]|,\s*[\]}]|,\s*"[^"\\]{1,60}"\s*:))')


def depth(raw: bytes) -> int:
    """Deepest nesting of a JSON text, strings set apart."""
    level = deepest = 0
    for match in _TOKENS.finditer(raw):
        sign = match.group()[:1]
        if sign in b"{[":
            level += 1
            deepest = max(deepest, level)
        elif sign in b"}]":
            level -= 1
    return deepest


def lenient(raw: bytes) -> tuple[Any, set[str]]:
    """Decode JSON in spite of the known accidents, each tried in turn and named."""
    defects: set[str] = set()
    try:
        return orjson.loads(raw), defects
    except orjson.JSONDecodeError:
        return repaired(raw, _REPAIRS, orjson.loads, (orjson.JSONDecodeError,), defects), defects


def repaired(
    raw: bytes,
    repairs: Iterable[tuple[str, Callable[[bytes], bytes]]],
    read: Callable[[bytes], Any],
    unread: tuple[type[Exception], ...],
    defects: set[str],
) -> Any:
    """What ``read`` makes of a record once mended: each repair in turn, those that changed something added to ``defects``.

    Raises RecordRefused when ``read`` still raises one of ``unread`` after the last.
    """
    for defect, repair in repairs:
        mended = repair(raw)
        if mended == raw:
            continue
        raw = mended
        defects.add(defect)
        try:
            return read(raw)
        except unread:
            continue
    raise RecordRefused("broken_record")


def in_utf8(raw: bytes) -> bytes:
    """The same text, its bytes that are not UTF-8 read as Windows-1252."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return raw.decode("utf-8", "windows_1252").encode()
    return raw


def _without_bare_words(raw: bytes) -> bytes:
    return _BARE_WORDS.sub(lambda match: match.group(1) or b"null", raw)


def _without_controls(raw: bytes) -> bytes:
    return _CONTROLS.sub(b" ", raw)


def _without_bad_escapes(raw: bytes) -> bytes:
    escaped = _BAD_ESCAPE.sub(lambda match: match.group() if match.group(1) else rb"\\", raw)
    return _LONE_SURROGATES.sub(rb"\\ufffd", escaped)


def _without_runaway_backslashes(raw: bytes) -> bytes:
    return _RUNAWAY_QUOTE.sub(b'"', raw)


_REPAIRS: Final = (
    ("invalid_utf8", in_utf8),
    ("nan_token", _without_bare_words),
    ("control_characters", _without_controls),
    ("bad_escape", _without_bad_escapes),
    ("bad_escape", _without_runaway_backslashes),
)


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 -- registered for decoding only
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


def _register() -> None:
    import codecs

    codecs.register_error("windows_1252", _windows_1252)


_register()
