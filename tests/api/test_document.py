"""The document is complete: every field says what it is in the words of the house, every number its unit."""

import re
from pathlib import Path

import pytest

from dentelle.web.api.api import DOORS
from dentelle.web.api.reference import operations
from dentelle.web.api.schema import openapi
from dentelle.web.api.scopes import SCOPES

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
TERMS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \| .*? \|$", GLOSSARY, re.MULTILINE))
SCHEMAS = openapi()["components"]["schemas"]
# what is shown of a model → the model, as the glossary names it
RESOURCES = {
    "OrganisationShown": "Organisation",
    "OperationShown": "Operation",
    "ContractShown": "Contract",
    "LotShown": "Lot",
    "HolderShown": "Holder",
    "SubcontractShown": "Subcontract",
    "ObligationShown": "Obligation",
    "OrderShown": "FrameworkOrder",
    "AmendmentShown": "Amendment",
    "CalibrationShown": "Calibration",
}
# whole numbers that count things, and need no unit beside their name
COUNTS = re.compile(
    r"^(id|.*_id|revision|edition|limit|status|unsized_orders|tranche_number|posts|workforce|local_structures|years)$"
)
UNITS = re.compile(r"(_minutes|_cents|_hundredths|_basis_points|_days|_months|hours|minutes_change|minutes_per_step)$")


def first_word(text):
    return re.split(r"[^\w’-]+", text.strip().lower())[0]


@pytest.mark.parametrize("shape", RESOURCES)
def test_a_resource_is_called_as_in_the_glossary(shape):
    assert first_word(SCHEMAS[shape]["description"]) == first_word(TERMS[RESOURCES[shape]])


def fields():
    return [
        (shape, name, said) for shape, known in SCHEMAS.items() for name, said in known.get("properties", {}).items()
    ]


def test_every_field_and_parameter_says_what_it_is():
    silent = [
        f"{shape}.{name}" for shape, name, said in fields() if not said.get("description") and shape[:5] != "Page_"
    ]
    silent += [
        f"{each.code} {one.name}"
        for each in operations()
        for one in each.parameters
        if not one.description and one.name != "pk"
    ]
    assert silent == []


def kinds(said):
    return {each.get("type") for each in said.get("anyOf", [said])}


def test_every_number_is_whole_and_says_its_unit():
    assert [f"{shape}.{name}" for shape, name, said in fields() if "number" in kinds(said)] == []
    bare = {name for _, name, said in fields() if "integer" in kinds(said)}
    assert [name for name in bare if not UNITS.search(name) and not COUNTS.match(name)] == []


def test_a_number_with_a_unit_says_it_in_french_too():
    words = {"_minutes": "minute", "_cents": "centime", "_hundredths": "centième", "_basis_points": "dix-millième"}
    for shape, name, said in fields():
        for ending, word in words.items():
            if name.endswith(ending) and shape.endswith(("Shown", "Detailed")):
                assert word in said["description"], (shape, name)


def test_every_operation_needs_a_scope_that_can_be_given():
    given = {code for code, _, _ in SCOPES}
    assert {each.scope for each in operations()} <= given
    assert {scope for pair in DOORS.values() for scope in pair} == given


def test_every_write_may_be_sent_twice_and_every_change_says_its_version():
    for each in operations():
        names = {one.name for one in each.parameters}
        assert ("Idempotency-Key" in names) == (each.method != "GET"), each.code
        if each.method != "GET" and "{pk}" in each.path:
            assert "If-Match" in names, each.code


def test_the_page_of_the_documentation_is_french_and_asks_no_other_site(client, db):
    page = client.get("/api/v1/docs").content.decode()
    assert all(each.summary in page for each in operations())
    assert re.findall(r'(?:src|href)="(https?:|//)', page) == []
    assert "<script>" not in page
    assert 'style="' not in page
