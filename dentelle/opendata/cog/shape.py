"""Give the places of the COG one shape: a row per place, and a row per code that leads to a current commune."""

from collections import defaultdict
from typing import Any

import pyarrow as pa

from dentelle.opendata.cog.read import Record
from dentelle.opendata.text import fold

SCHEMA_VERSION = 1

# Codes are text. A missing value is null. Lists are joined by « | ».
PLACES = pa.schema(
    [
        ("kind", pa.string()),  # commune | epci | ept | department | region | arrondissement | former
        ("code", pa.string()),  # INSEE code; SIREN for epci and ept
        ("name", pa.string()),
        (
            "type",
            pa.string(),
        ),  # epci: CC CA CU METRO MET69; former: replaced delegated associated municipal_arrondissement
        ("zone", pa.string()),  # metro | drom | com
        ("department_code", pa.string()),
        ("region_code", pa.string()),
        ("arrondissement_code", pa.string()),
        ("epci_code", pa.string()),
        ("ept_code", pa.string()),
        ("siren", pa.string()),
        ("population", pa.int64()),  # municipal population; null for the six uninhabited codes of TAAF and Clipperton
        ("chief_code", pa.string()),  # chief town of a department or region; for epci and ept the most populous member
        ("current_code", pa.string()),  # former: the current commune
        ("postal_codes", pa.string()),
        ("search_key", pa.string()),  # the name folded once for all, as ``text.fold`` does
    ]
)

FORMER_TYPES = {"commune-deleguee": "delegated", "commune-associee": "associated"}


def shape_places(sources: dict[str, list[Record]]) -> pa.Table:
    """Return every place, sorted by kind then code.

    EPCI, departments and regions carry the sum of their communes: the population the source gives an EPCI is of an
    earlier census, and would not add up with the others.
    """
    communes = [record for record in sources["communes"] if record["type"] == "commune-actuelle"]
    epci_of = _membership(sources["epci"])
    ept_of = _membership(sources["ept"])
    population: dict[tuple[str, str | None], int] = defaultdict(int)
    for record in communes:
        code, inhabitants = record["code"], record.get("population") or 0
        for level, parent in (
            ("department", record["departement"]),
            ("region", record["region"]),
            ("epci", epci_of.get(code)),
            ("ept", ept_of.get(code)),
        ):
            population[level, parent] += inhabitants
    rows = [_commune(record, epci_of, ept_of) for record in communes]
    rows += [_grouping(record, "epci", population["epci", record["code"]]) for record in sources["epci"]]
    rows += [_grouping(record, "ept", population["ept", record["code"]]) for record in sources["ept"]]
    rows += [
        _division(record, "department", population["department", record["code"]]) for record in sources["departements"]
    ]
    rows += [_division(record, "region", population["region", record["code"]]) for record in sources["regions"]]
    rows += [_division(record, "arrondissement", None) for record in sources["arrondissements"]]
    rows += _former_codes(sources["communes"])
    for row in rows:
        row["search_key"] = fold(row["name"]) if row.get("name") else None
    rows.sort(key=lambda row: (row["kind"], row["code"]))
    return pa.Table.from_pylist(rows, schema=PLACES)


def _membership(groupings: list[Record]) -> dict[str, str]:
    # a commune does not name its EPCI: only the list of members of each grouping says it
    return {member["code"]: grouping["code"] for grouping in groupings for member in grouping["membres"]}


def _commune(record: Record, epci_of: dict[str, str], ept_of: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": "commune",
        "code": record["code"],
        "name": record["nom"],
        "zone": record["zone"],
        "department_code": record["departement"],
        "region_code": record["region"],
        "arrondissement_code": record.get("arrondissement"),
        "epci_code": epci_of.get(record["code"]),
        "ept_code": ept_of.get(record["code"]),
        "siren": record.get("siren"),
        "population": record.get("population"),
        "postal_codes": "|".join(sorted(record.get("codesPostaux", []))) or None,
    }


def _grouping(record: Record, kind: str, population: int) -> dict[str, Any]:
    # the package does not publish the seat: the most populous member stands for it, and readers are told so
    largest = max(record["membres"], key=lambda member: (member["populationMunicipale"] or 0, member["code"]))
    return {
        "kind": kind,
        "code": record["code"],
        "name": record["nom"],
        "type": record["type"],
        "siren": record["code"],
        "population": population or None,
        "chief_code": largest["code"],
    }


def _division(record: Record, kind: str, population: int | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": record["code"],
        "name": record["nom"],
        "zone": record.get("zone"),
        "department_code": record.get("departement"),
        "region_code": record.get("region"),
        "population": population or None,
        "chief_code": record["chefLieu"],
    }


def _former_codes(records: list[Record]) -> list[dict[str, Any]]:
    """One row per code that is not a current commune and leads to one.

    Where the history (``anciensCodes``) and the present state of a delegated or associated commune disagree, the present
    state wins: 55273 and 60455 changed head commune after the event the history keeps.
    """
    current = {record["code"] for record in records if record["type"] == "commune-actuelle"}
    former: dict[str, dict[str, Any]] = {}
    for record in records:
        for code in record.get("anciensCodes", []):
            former[code] = {"type": "replaced", "current_code": record["code"]}
    for record in records:
        if record["type"] in FORMER_TYPES:
            former[record["code"]] = {
                "type": FORMER_TYPES[record["type"]],
                "name": record["nom"],
                "current_code": record["chefLieu"],
            }
        elif record["type"] == "arrondissement-municipal":
            former[record["code"]] = {
                "type": "municipal_arrondissement",
                "name": record["nom"],
                "current_code": record["commune"],
                "population": record.get("population"),
                "postal_codes": "|".join(record.get("codesPostaux", [])) or None,
            }
    # a delegated commune often bears its head commune's code: that code is a current one, not a former one
    return [{"kind": "former", "code": code, **row} for code, row in former.items() if code not in current]
