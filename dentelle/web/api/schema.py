"""The OpenAPI document, completed with what the gate does for every operation: token, problems, headers."""

from functools import cache
from typing import Any

from dentelle.web.api.api import DOORS, api
from dentelle.web.api.problems import MEDIA_TYPE, TITLES, Problem

PREFIX = "/api/v1/"
EVERYWHERE = (401, 404, 413, 422, 429)
SAFE = {"get"}


@cache
def openapi() -> dict[str, Any]:
    """Return the document of this version of the programme: the same for everybody, computed once."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX.strip("/") + "/"))
    document.pop("servers", None)
    schemas = document["components"].setdefault("schemas", {})
    for name in [name for name in schemas if name.endswith("Filters")]:
        del schemas[name]  # told one by one among the parameters
    definition = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(definition.pop("$defs"))
    schemas["Problem"] = definition
    document["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "jeton créé à l’adresse /structure/jetons/"}
    }
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _complete(path, method, operation)
    return document


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    reads, acts = DOORS[operation["tags"][0].removesuffix("s")]
    if operation["operationId"] == "add_obligation":
        reads, acts = DOORS["obligation"]
    operation["security"] = [{"token": []}]
    operation["x-scope"] = reads if method in SAFE else acts
    responses = operation["responses"]
    for status, answer in list(responses.items()):
        responses[str(status)] = answer = responses.pop(status)
        answer["description"] = {"200": "Réussi", "201": "Créé", "304": "Inchangé"}[str(status)]
        answer["headers"] = _headers(operation, str(status))
    locked = any(parameter["name"] == "If-Match" for parameter in operation["parameters"])
    refused = (*EVERYWHERE, *((400,) if method not in SAFE else ()), *((412, 428) if locked else ()))
    for status in sorted(refused):
        responses[str(status)] = _problem(status)


def _headers(operation: dict[str, Any], status: str) -> dict[str, Any]:
    text = {"type": "string"}
    found: dict[str, Any] = {}
    if status == "201":
        found["Location"] = {"schema": text, "description": "adresse de l’objet créé"}
    if any(name in operation["operationId"] for name in ("contract", "calibration", "obligation")) and not operation[
        "operationId"
    ].startswith(("list_", "get_obligation")):
        found["ETag"] = {"schema": text, "description": "version de l’objet"}
    return found


def _problem(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": TITLES[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 429:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "secondes à attendre"}}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "Bearer"}}
    return answer
