"""What a number typed in a form is the number of, told while one types: the directory first, then the open data loaded."""

from dentelle.foundations.directory import learning
from dentelle.foundations.directory.identifiers import IdentifierRefused, read_identifier
from dentelle.foundations.directory.models import NameSource
from dentelle.foundations.directory.queries import of_identifier

_ACCORDING_TO: dict[str, str] = {
    NameSource.SIRENE: "la base Sirene",
    NameSource.GEOGRAPHIC_CODE: "le code officiel géographique",
    NameSource.DECP: "les données essentielles de la commande publique",
}
WHOLE = (9, 14)  # digits of a SIREN, of a SIRET: before, nothing is said


def recognised(typed: str) -> str:
    """Return one sentence on a whole number, empty while it is being typed or when it is a name."""
    digits = "".join(sign for sign in typed if not sign.isspace() and sign not in ".-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in WHOLE:
        return ""
    try:
        identifier = read_identifier(typed)
    except IdentifierRefused as refused:
        # nine digits may be the beginning of a SIRET
        return str(refused) if len(digits) == max(WHOLE) else ""
    known = of_identifier(identifier)
    if known is not None:
        return f"À l’annuaire\u00a0: {known.name}."
    learnt = learning.learn(identifier)
    if learnt.name:
        closed = " Cet établissement est fermé, disent ces données." if learnt.closed else ""
        return f"{learnt.name}, d’après {_ACCORDING_TO[learnt.source]}.{closed}"
    if len(digits) < max(WHOLE):
        return ""
    return "Ni l’annuaire ni les données chargées ne connaissent ce SIRET\u00a0: écrivez aussi son nom."
