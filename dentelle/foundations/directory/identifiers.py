"""SIRET and SIREN as people type them and as spreadsheets spoil them. Always text: a number would lose its zeros."""

import re
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_key
from stdnum.fr import siret as siret_key

from dentelle.rules.wording import THIN

_SEPARATORS = re.compile(r"[\s\u00a0\u202f\u2009.\-_/'’\"]+")
_POWER_OF_TEN = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*[eE]\s*\+?\d+\Z")
_FLOAT = re.compile(r"(\d{9}|\d{14})[.,]0+\Z")
MOST_CHARACTERS = 60


class IdentifierRefused(Exception):
    """What was typed is no SIRET nor SIREN; ``code`` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identifier:
    """A legal unit, and its establishment when known (``siret`` empty otherwise)."""

    siren: str
    siret: str = ""

    @property
    def shown(self) -> str:
        return shown(self.siret or self.siren)


def read_identifier(text: object) -> Identifier:
    """Return the SIRET (14 digits) or the SIREN (9 digits) written in ``text``, its key checked.

    Spaces, dots and dashes are taken off. La Poste's own key is accepted (sum of digits, SIREN 356 000 000). Anything that
    is not text is refused: a spreadsheet that made a number of a SIRET has already lost something. Raises IdentifierRefused.
    """
    if not isinstance(text, str):
        raise IdentifierRefused(
            "not_text", f"« {str(text)[:40]} » est un nombre : un SIRET se lit comme un texte, pour garder ses zéros."
        )
    given = text.strip()[:MOST_CHARACTERS]
    if _POWER_OF_TEN.match(given):
        raise IdentifierRefused(
            "power_of_ten",
            f"« {given} » a été abîmé par un tableur : les derniers chiffres sont perdus. Dans le fichier d’origine, "
            "mettez la colonne au format « Texte » et recopiez les 14 chiffres.",
        )
    whole = _FLOAT.match(given)
    digits = whole[1] if whole else _SEPARATORS.sub("", given)
    if not digits:
        raise IdentifierRefused("empty", "Donnez un SIRET (14 chiffres) ou un SIREN (9 chiffres).")
    if not (digits.isascii() and digits.isdigit()):
        raise IdentifierRefused("not_digits", f"« {given} » : un SIRET ne contient que des chiffres.")
    if len(digits) == 14:
        return _checked_siret(digits)
    if len(digits) == 9:
        return _checked_siren(digits)
    raise _wrong_length(digits)


def shown(number: str) -> str:
    """Return a SIRET or a SIREN by groups, held together: « 000 100 005 00012 »."""
    return THIN.join(group for group in (number[:3], number[3:6], number[6:9], number[9:]) if group)


def _checked_siret(digits: str) -> Identifier:
    try:
        siret_key.validate(digits)
    except ValidationError:
        raise IdentifierRefused(
            "wrong_key",
            f"{shown(digits)} n’est pas un SIRET : sa clé de contrôle est fausse. Un chiffre a sans doute été mal recopié.",
        ) from None
    return Identifier(digits[:9], digits)


def _checked_siren(digits: str) -> Identifier:
    try:
        siren_key.validate(digits)
    except ValidationError:
        raise IdentifierRefused(
            "wrong_key",
            f"{shown(digits)} n’est pas un SIREN : sa clé de contrôle est fausse. Un chiffre a sans doute été mal recopié.",
        ) from None
    return Identifier(digits)


def _wrong_length(digits: str) -> IdentifierRefused:
    for full in (14, 9):
        padded = digits.zfill(full)
        if full - 3 <= len(digits) < full and (siret_key if full == 14 else siren_key).is_valid(padded):
            return IdentifierRefused(
                "zeros_lost",
                f"« {digits} » a {len(digits)} chiffres au lieu de {full} : un tableur a sans doute retiré les zéros du "
                f"début. Si c’est bien {shown(padded)}, écrivez-le en entier.",
            )
    return IdentifierRefused(
        "wrong_length", f"« {digits} » a {len(digits)} chiffres : un SIRET en a 14, un SIREN en a 9."
    )
