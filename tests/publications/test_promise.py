import json

import pytest

from dentelle.rules.levers import levers
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.publications.promise import VALUES, Considerations, fragment, promised_by
from tests.shared import shared_path


@pytest.mark.parametrize(
    ("codes", "kind", "values"),
    [
        (["EXECUTION_CONDITION"], "works", ["Clause sociale"]),
        (["AWARD_CRITERION"], "works", ["Critère social"]),
        (["CONDITION_AND_CRITERION"], "works", ["Clause sociale", "Critère social"]),
        (["RESERVED_SIAE"], "services", ["Marché réservé"]),
        (["RESERVED_SIAE"], "concession", ["Concession réservée"]),
        (["INTERNSHIP_CLAUSE", "TRAINING_CLAUSE"], "works", ["Clause sociale"]),
        (["EXECUTION_CONDITION", "RESERVED_DISABILITY"], "works", ["Clause sociale", "Marché réservé"]),
        (["PRIVATE_CLAUSE"], "works", ["Pas de considération sociale"]),
        ([], "", ["Pas de considération sociale"]),
    ],
)
def test_the_value_to_publish_follows_the_types_of_clause(codes: list[str], kind: str, values: list[str]) -> None:
    written = json.loads(fragment(promised_by(codes), kind))
    assert written == {"considerationsSociales": {"considerationSociale": values}}


def test_every_type_of_clause_but_the_private_one_has_a_value() -> None:
    assert {each.code.value for each in levers()} - set(VALUES) == {LeverCode.PRIVATE_CLAUSE.value}


def test_the_values_are_those_of_the_schema() -> None:
    schemas = list(shared_path("data/decp").rglob("*.json"))
    texts = [path.read_text(encoding="utf-8") for path in schemas if "schema" in str(path).lower()]
    if not any("considerationSociale" in text for text in texts):
        pytest.skip("no schema of 2022 among the shared files")
    together = "\n".join(texts)
    for value in Considerations(True, True, True).values() + Considerations(reserved=True).values("concession"):
        assert f'"{value}"' in together
