"""Refuse a geographic code that does not hold together: a broken ground would make every territory wrong in silence."""

import re
from collections import Counter

import pyarrow as pa

from dentelle.opendata.cog.read import Record
from dentelle.opendata.refusal import SourceRefused

COMMUNE_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
SIREN = re.compile(r"\d{9}")
POSTAL_CODE = re.compile(r"\d{5}")

EXPECTED_FIELDS = {
    "communes": ("code", "nom", "type", "zone", "departement", "region"),
    "epci": ("code", "nom", "type", "membres", "populationMunicipale"),
    "ept": ("code", "nom", "type", "membres", "populationMunicipale"),
    "departements": ("code", "nom", "region", "chefLieu"),
    "regions": ("code", "nom", "chefLieu"),
    "arrondissements": ("code", "nom", "departement", "chefLieu"),
}


def check_fields(name: str, records: list[Record]) -> None:
    """Refuse a file where a field this project reads is missing, naming the record and the field."""
    for rank, record in enumerate(records):
        for field in EXPECTED_FIELDS[name]:
            # the six COM codes of TAAF and Clipperton have names and zones like the others: nothing is optional here
            if field not in record:
                raise SourceRefused(
                    "cog_field_missing",
                    f"{name}.json : l’objet n° {rank + 1} (code {record.get('code', 'absent')}) n’a pas de champ « {field} ».",
                )


def check_places(places: pa.Table) -> None:
    """Refuse codes in an odd form, codes given twice, and links that lead nowhere."""
    rows = places.to_pylist()
    doubled = [key for key, count in Counter((row["kind"], row["code"]) for row in rows).items() if count > 1]
    if doubled:
        raise SourceRefused("cog_code_twice", f"code présent deux fois : {doubled[0][0]} {doubled[0][1]}.")
    codes = {kind: {row["code"] for row in rows if row["kind"] == kind} for kind in {row["kind"] for row in rows}}
    for row in rows:
        problem = _problem(row, codes)
        if problem:
            raise SourceRefused("cog_inconsistent", f"{row['kind']} {row['code']} : {problem}.")


def _problem(row: Record, codes: dict[str, set[str]]) -> str | None:
    kind = row["kind"]
    if kind in {"commune", "former"} and not COMMUNE_CODE.fullmatch(row["code"]):
        return "code INSEE mal formé"
    if row["siren"] and not SIREN.fullmatch(row["siren"]):
        return f"SIREN mal formé « {row['siren']} »"
    if any(not POSTAL_CODE.fullmatch(code) for code in (row["postal_codes"] or "").split("|") if code):
        return f"code postal mal formé dans « {row['postal_codes']} »"
    for field, target in (
        ("department_code", "department"),
        ("region_code", "region"),
        ("epci_code", "epci"),
        ("ept_code", "ept"),
        ("current_code", "commune"),
    ):
        if row[field] and row[field] not in codes.get(target, set()):
            return f"le code {target} « {row[field]} » n’existe pas"
    return None


def check_members(name: str, groupings: list[Record], places: pa.Table) -> None:
    """Refuse a grouping whose member is not a current commune or already belongs to another one."""
    communes = {row["code"] for row in places.select(["kind", "code"]).to_pylist() if row["kind"] == "commune"}
    seen: dict[str, str] = {}
    for grouping in groupings:
        for member in grouping["membres"]:
            code = member["code"]
            if code not in communes:
                raise SourceRefused("cog_member_unknown", f"{name} {grouping['code']} : membre inconnu {code}.")
            if seen.setdefault(code, grouping["code"]) != grouping["code"]:
                raise SourceRefused(
                    "cog_member_twice", f"{name} : {code} est membre de {seen[code]} et de {grouping['code']}."
                )
