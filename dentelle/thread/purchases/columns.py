"""The columns of the list and of its exports: one place says what each is called, how it sorts, what an export writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dentelle.foundations.sheets import Cell
from dentelle.thread.purchases import places, wording


@dataclass(frozen=True, slots=True)
class Column:
    """``sort`` is the order of the store a click asks for; ``reads`` are the store's columns ``write`` needs, in order."""

    code: str
    label: str
    reads: tuple[str, ...]
    write: Callable[..., Cell]
    sort: str = ""
    number: bool = False
    on_screen: bool = True
    short: str = ""  # header of the list, where room is short
    prepare: Callable[[], Callable[..., Any]] | None = (
        None  # makes ``write`` anew for each file, from the ground of the day
    )

    @property
    def header(self) -> str:
        return self.short or self.label


def _same(value: Cell) -> Cell:
    return value


def _euros(cents: int | None) -> float | int | None:
    if cents is None:
        return None
    return cents // 100 if cents % 100 == 0 else cents / 100


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "oui" if value else "non"


def _cpv(code: Any, contract_kind: Any) -> str | None:
    """A missing code stays an empty cell, but for concessions, which publish none."""
    return wording.cpv(code, contract_kind) if code or contract_kind == "concession" else None


def _word(words: dict[str, str]) -> Callable[[Any], str | None]:
    return lambda code: None if code is None else words.get(code, code)


def _place_writer() -> Callable[[str | None, str | None], str]:
    named = places.namer()
    return lambda area, precision: str(named(area, precision))


COLUMNS: dict[str, Column] = {
    column.code: column
    for column in (
        Column("fin", "Fin estimée", ("estimated_end",), _same, "end"),
        Column("preparer", "Préparer dès", ("prepare_from",), _same),
        Column("objet", "Objet", ("object",), _same),
        Column("acheteur", "Acheteur", ("buyer_name", "buyer_id"), wording.named, "buyer"),
        Column("titulaire", "Titulaire", ("holder_name", "holder_id"), wording.named, "holder"),
        Column(
            "montant",
            "Montant attribué (€ HT)",
            ("amount_cents",),
            _euros,
            "amount",
            number=True,
            short="Montant attribué",
        ),
        Column(
            "obligation",
            "Condition sociale obligatoire",
            ("required",),
            _word(wording.REQUIRED),
            "required",
            short="Condition sociale",
        ),
        Column(
            "clause",
            "Clause la dernière fois",
            ("social_status", "social_clause", "social_criterion", "reserved"),
            wording.social,
            short="La dernière fois",
        ),
        Column("confiance", "Confiance", ("confidence",), _word(wording.CONFIDENCE), "confidence"),
        Column("cpv", "CPV", ("cpv", "contract_kind"), _cpv, "cpv"),
        Column("notification", "Notifié le", ("effective_on",), _same, "notified"),
        Column("duree", "Durée (mois)", ("duration_months",), _same, number=True),
        Column("lieu", "Lieu", ("place_area", "place_precision"), wording.place, prepare=_place_writer),
        Column("heures", "Heures possibles", ("hours_central",), _same, "hours", number=True),
        # exports only: what explains the others
        Column("duree_source", "Origine de la durée", ("duration_source",), _word(wording.DURATION), on_screen=False),
        Column(
            "montant_nature",
            "Nature du montant",
            ("amount_kind", "amount_flag"),
            wording.amount_nature,
            on_screen=False,
        ),
        Column("montant_publie", "Montant publié", ("amount_published",), _same, on_screen=False),
        Column("heures_bas", "Heures, bas", ("hours_low",), _same, number=True, on_screen=False),
        Column("heures_haut", "Heures, haut", ("hours_high",), _same, number=True, on_screen=False),
        Column("acheteur_id", "SIRET de l’acheteur", ("buyer_id",), _same, on_screen=False),
        Column(
            "acheteur_source",
            "Origine du nom de l’acheteur",
            ("buyer_name_source",),
            _word(wording.BUYER_NAME),
            on_screen=False,
        ),
        Column("titulaire_id", "Identifiant du titulaire", ("holder_id",), _same, on_screen=False),
        Column(
            "titulaire_source",
            "Origine du nom du titulaire",
            ("holder_name_source",),
            _word(wording.HOLDER_NAME),
            on_screen=False,
        ),
        Column("numero", "Numéro de l’acheteur", ("number",), _same, on_screen=False),
        Column(
            "departement",
            "Département",
            ("department_code",),
            _same,
            on_screen=False,
            prepare=places.department_namer,
        ),
        Column("remplace", "Déjà remplacé", ("is_last_of_chain",), lambda last: _yes_no(not last), on_screen=False),
        Column("cle", "Clé Dentelle", ("contract_key",), _same, on_screen=False),
    )
}
PRIORITY = "priorite"  # an order no column has: what is worth preparing first
SORTS = {column.code: column.sort for column in COLUMNS.values() if column.sort} | {PRIORITY: "priority"}
ON_SCREEN = tuple(code for code, column in COLUMNS.items() if column.on_screen)
BY_DEFAULT = ("fin", "preparer", "objet", "acheteur", "titulaire", "montant", "obligation", "clause")


def known(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the columns asked for that exist, in the order of the list; the usual ones when none does."""
    return tuple(code for code in COLUMNS if code in codes) or BY_DEFAULT


def exported(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the columns a file has: those asked for; an amount never leaves without what says whether it may be added up."""
    asked = list(known(codes))
    if "montant" in asked and "montant_nature" not in asked:
        asked.insert(asked.index("montant") + 1, "montant_nature")
    return tuple(asked)
