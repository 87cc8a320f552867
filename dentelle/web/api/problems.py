"""Refusals a program can read and a person can understand: ``application/problem+json`` (RFC 9457), in French."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Demande illisible",
    401: "Jeton absent ou sans effet",
    404: "Introuvable",
    405: "Méthode non proposée",
    409: "Demande identique en cours",
    412: "Modifié entre-temps",
    413: "Demande trop longue",
    422: "Demande refusée",
    428: "Version manquante",
    429: "Trop de demandes",
    500: "Incident",
}


class Fault(BaseModel):
    """One thing to mend, and where it is."""

    place: str = Field(description="où\u00a0: body, query, path ou header")
    field: str = Field(description="champ fautif, par exemple lots.0.amount_cents\u00a0; vide pour l’ensemble")
    code: str = Field(description="code stable de la faute")
    message: str = Field(description="ce qui ne va pas et comment faire, en français")


class Problem(BaseModel):
    """Why a request was refused: the same shape for every refusal."""

    type: str = Field(description="adresse de l’explication dans la documentation")
    title: str = Field(description="nom du refus")
    status: int = Field(description="code HTTP")
    code: str = Field(description="code stable du refus, que votre programme peut tester")
    detail: str = Field(description="ce qui s’est passé et que faire, en français")
    errors: list[Fault] = Field(description="les fautes une par une, avec leur place")


class ApiRefused(Exception):
    """A refusal of the API itself; those of the rooms keep their own classes. ``place`` is body, query, path or header."""

    def __init__(self, status: int, code: str, detail: str, field: str = "", place: str = "body") -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.field = field
        self.place = place


def problem(
    status: int, code: str, detail: str, faults: Sequence[Fault] = (), headers: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    """Return a refusal as an answer."""
    said = Problem(
        type=f"/api/v1/docs#refus-{status}",
        title=TITLES[status],
        status=status,
        code=code,
        detail=detail,
        errors=list(faults),
    )
    response = HttpResponse(said.model_dump_json(), status=status, content_type=MEDIA_TYPE)
    for name, value in headers:
        response[name] = value
    return response


def refusal(status: int, code: str, detail: str, field: str = "", place: str = "body") -> HttpResponse:
    """Return a refusal that has one fault, placed when its field is known."""
    faults = [Fault(place=place, field=field, code=code, message=detail)] if field else []
    return problem(status, code, detail, faults)


def unknown() -> HttpResponse:
    """The one answer for what does not exist, what belongs to others and what the token may not touch."""
    return problem(
        404,
        "not_found",
        "Rien à cette adresse pour ce jeton\u00a0: objet inconnu, d’une autre structure, ou droit manquant.",
    )


_MESSAGES = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n’existe pas\u00a0: vérifiez son nom.",
    "string_type": "Écrivez un texte.",
    "string_too_long": "Ce texte dépasse {max_length} caractères.",
    "string_too_short": "Ce texte doit avoir au moins {min_length} caractère.",
    "string_pattern_mismatch": "Ce texte n’a pas la forme attendue ({pattern}).",
    "int_type": "Écrivez un nombre entier, sans guillemets.",
    "int_parsing": "Écrivez un nombre entier.",
    "int_parsing_size": "Ce nombre est trop grand.",
    "int_from_float": "Écrivez un nombre entier, sans décimales.",
    "bool_type": "Écrivez true ou false.",
    "bool_parsing": "Écrivez true ou false.",
    "greater_than_equal": "Écrivez un nombre d’au moins {ge}.",
    "less_than_equal": "Écrivez un nombre d’au plus {le}.",
    "literal_error": "Choisissez parmi\u00a0: {expected}.",
    "list_type": "Écrivez une liste.",
    "too_long": "Cette liste dépasse {max_length} éléments.",
    "too_short": "Cette liste doit avoir au moins {min_length} élément.",
    "dict_type": "Écrivez un objet JSON.",
    "model_type": "Écrivez un objet JSON.",
    "model_attributes_type": "Écrivez un objet JSON.",
    "string_unicode": "Ce texte contient un caractère illisible.",
}


def faults_of(errors: Iterable[dict[str, Any]]) -> list[Fault]:
    """Return the faults found by the schema, told in French, at their place in what was sent."""
    return [_fault(error) for error in errors]


def _fault(error: dict[str, Any]) -> Fault:
    place, *path = error["loc"]
    if place == "body":
        path = path[1:]  # the name of our own argument
    said = dict(error.get("ctx") or {})
    if error["type"] == "value_error":
        message = str(said.get("error") or "Valeur refusée.")
    else:
        message = _MESSAGES.get(error["type"], "Valeur refusée.").format_map({**said, "expected": _listed(said)})
    return Fault(place=str(place), field=".".join(str(part) for part in path), code=error["type"], message=message)


def _listed(said: dict[str, Any]) -> str:
    """pydantic says « 'a', 'b' or 'c' »."""
    return str(said.get("expected", "")).replace("''", "(vide)").replace("'", "").replace(" or ", ", ")
