"""What a token may let a program do here, and the roles whose pages allow the same."""

from dentelle.foundations.directory import access as directory
from dentelle.foundations.organisations.models import Role
from dentelle.foundations.tokens.scopes import register
from dentelle.thread.clauses import access as clauses
from dentelle.thread.contracts import access as contracts
from dentelle.thread.contracts.states import WRITER_ROLES

ORGANISATIONS_READ, ORGANISATIONS_WRITE = "organisations:read", "organisations:write"
OPERATIONS_READ, OPERATIONS_WRITE = "operations:read", "operations:write"
CONTRACTS_READ, CONTRACTS_WRITE = "contracts:read", "contracts:write"
OBLIGATIONS_READ, OBLIGATIONS_WRITE = "obligations:read", "obligations:write"
CALIBRATIONS_READ, CALIBRATIONS_WRITE = "calibrations:read", "calibrations:write"

SCOPES = (
    (ORGANISATIONS_READ, "lire l’annuaire des organisations", Role.values),
    (ORGANISATIONS_WRITE, "ajouter une organisation par son SIRET", directory.WRITERS),
    (OPERATIONS_READ, "lire les opérations", contracts.READERS),
    (OPERATIONS_WRITE, "créer une opération", WRITER_ROLES),
    (CONTRACTS_READ, "lire les contrats", contracts.READERS),
    (CONTRACTS_WRITE, "inscrire et corriger des contrats", WRITER_ROLES),
    (OBLIGATIONS_READ, "lire les obligations", contracts.READERS),
    (OBLIGATIONS_WRITE, "ajouter une obligation à un contrat", WRITER_ROLES),
    (CALIBRATIONS_READ, "lire les calibrages", clauses.READERS),
    (CALIBRATIONS_WRITE, "calculer et enregistrer un calibrage", clauses.WRITERS),
)


def declare() -> None:
    """Tell the page of tokens what may be given. Called once, when Django starts."""
    for code, label, roles in SCOPES:
        register(code, label, roles)
