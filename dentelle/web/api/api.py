"""The API put together: its operations, how refusals of the rooms are told, its address patterns."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.doors import machines
from dentelle.thread.clauses.actions import CalibrationRefused
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from dentelle.thread.contracts.states import MoveRefused
from dentelle.web.api import calibrations, contracts, obligations, operations, organisations, scopes
from dentelle.web.api.calibrations import CalibrationFaulty
from dentelle.web.api.gate import gate
from dentelle.web.api.problems import ApiRefused, faults_of, problem, refusal, unknown

VERSION = "1.0"
DESCRIPTION = (
    "L’API d’une structure\u00a0: ses organisations, opérations, contrats, obligations et calibrages. "
    "Tous les nombres sont entiers\u00a0: minutes, centimes, dix-millièmes, l’unité est dans le nom du champ."
)


class StrictParser(Parser):
    """JSON as RFC 8259 says it: no NaN, no endless nesting, no half of a character."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


api = NinjaAPI(
    title="Dentelle",
    version=VERSION,
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
)
for prefix, router in (
    ("/organisations", organisations.router),
    ("/operations", operations.router),
    ("/contracts", contracts.router),
    ("/obligations", obligations.router),
    ("/calibrations", calibrations.router),
):
    api.add_router(prefix, router)

# (scope to read, scope to act) of the addresses whose names begin so
DOORS = {
    "organisation": (scopes.ORGANISATIONS_READ, scopes.ORGANISATIONS_WRITE),
    "operation": (scopes.OPERATIONS_READ, scopes.OPERATIONS_WRITE),
    "contract": (scopes.CONTRACTS_READ, scopes.CONTRACTS_WRITE),
    "obligation": (scopes.OBLIGATIONS_READ, scopes.OBLIGATIONS_WRITE),
    "calibration": (scopes.CALIBRATIONS_READ, scopes.CALIBRATIONS_WRITE),
}


def patterns() -> Iterator[URLPattern]:
    """Yield the addresses of the operations, each behind its door."""
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name and pattern.name != "api-root":
            reads, acts = DOORS[pattern.name.partition("_")[0]]
            pattern.callback = gate(machines(reads=reads, acts=acts)(pattern.callback))
            yield pattern


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, refused: Http404) -> HttpResponse:
    return unknown()


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, refused: HttpError) -> HttpResponse:
    return problem(400, "unreadable", "Le corps de la demande n’est pas du JSON lisible (RFC 8259, UTF-8).")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, refused: ValidationError) -> HttpResponse:
    faults = faults_of(refused.errors)
    count = "Un champ est à reprendre" if len(faults) == 1 else f"{len(faults)} champs sont à reprendre"
    return problem(422, "invalid", f"{count}\u00a0: voyez errors.", faults)


@api.exception_handler(ApiRefused)
def _refused(request: HttpRequest, refused: ApiRefused) -> HttpResponse:
    return refusal(refused.status, refused.code, str(refused), refused.field, refused.place)


@api.exception_handler(EditedMeanwhile)
def _edited_meanwhile(request: HttpRequest, refused: EditedMeanwhile) -> HttpResponse:
    detail = f"{refused} Relisez-le (il est à la révision {refused.current.revision}), puis renvoyez votre changement avec son nouvel ETag."
    return refusal(412, refused.code, detail, "If-Match", "header")


# what an act calls a field → what a program sent
_FIELDS = {
    "operation": "operation_id",
    "lot": "lot_id",
    "neighbourhood_share": "neighbourhood_share_basis_points",
    "training_share": "training_share_basis_points",
    "penalty_cap_share": "penalty_cap_share_basis_points",
    "penalty_value": "penalty_value_hundredths",
}


@api.exception_handler(ContractRefused)
def _contract_refused(request: HttpRequest, refused: ContractRefused) -> HttpResponse:
    return refusal(422, refused.code, str(refused), _FIELDS.get(str(refused.field), str(refused.field)))


@api.exception_handler(DirectoryRefused)
def _directory_refused(request: HttpRequest, refused: DirectoryRefused) -> HttpResponse:
    return refusal(422, refused.code, str(refused), refused.field)


@api.exception_handler(IdentifierRefused)
def _identifier_refused(request: HttpRequest, refused: IdentifierRefused) -> HttpResponse:
    return refusal(422, refused.code, str(refused), "siret")


@api.exception_handler(MoveRefused)
def _move_refused(request: HttpRequest, refused: MoveRefused) -> HttpResponse:
    return refusal(422, refused.code, str(refused))


@api.exception_handler(CalibrationRefused)
def _calibration_refused(request: HttpRequest, refused: CalibrationRefused) -> HttpResponse:
    return refusal(422, refused.code, str(refused))


@api.exception_handler(CalibrationFaulty)
def _calibration_faulty(request: HttpRequest, refused: CalibrationFaulty) -> HttpResponse:
    return problem(422, "invalid", "Le calcul n’est pas possible avec ces données\u00a0: voyez errors.", refused.faults)
