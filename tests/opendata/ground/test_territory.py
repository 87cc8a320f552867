"""A territory: one place or a union of several, always as a set of current communes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.opendata.ground import Ground, UnknownPlace, parse_territory, territory_of


def test_an_epci_is_the_set_of_its_communes(ground: Ground) -> None:
    rennes = territory_of(ground, "epci:243500139")
    assert (rennes.kind, rennes.name, rennes.vintage) == ("epci", "Rennes Métropole", "2026")
    assert len(rennes.communes) == 43
    assert rennes.population == ground.epci("243500139").population


@pytest.mark.parametrize(
    ("spec", "kind", "code"),
    [
        ("epci:Rennes métropole", "epci", "243500139"),
        ("epci:communauté de communes faucigny glières", "epci", "200000172"),
        ("département:ille et vilaine", "department", "35"),
        ("department:2a", "department", "2A"),
        ("region:Bretagne", "region", "53"),
        ("commune:20004", "commune", "2A004"),
        ("commune:st etienne du rouvray", "commune", "76575"),
        ("epci:200057867", "epci", "200057867"),
    ],
)
def test_a_code_a_name_or_a_former_code_designates_a_territory(ground: Ground, spec: str, kind: str, code: str) -> None:
    territory = territory_of(ground, spec)
    assert (territory.kind, territory.code) == (kind, code)
    assert territory.communes


@pytest.mark.parametrize("kind", ["epci", "department", "region"])
def test_every_commune_is_in_exactly_one_territory_of_a_kind_it_belongs_to(ground: Ground, kind: str) -> None:
    parents = ground.communes_table()[f"{kind}_code"].to_pylist()
    members = [ground.communes_of(kind, code) for code in {code for code in parents if code}]
    assert all(members)
    assert len(frozenset().union(*members)) == sum(code is not None for code in parents) == sum(map(len, members))


def test_a_union_counts_a_commune_once(ground: Ground) -> None:
    department = territory_of(ground, "department:35")
    union = parse_territory(ground, ["department:35", "epci:243500139", "commune:35238"])
    assert union.communes == department.communes
    assert union.population == department.population
    assert union.kind == "list"


def test_a_union_is_found_again_from_its_own_spec(ground: Ground) -> None:
    union = parse_territory(ground, ["epci:243500139", "list:56260,56162"])
    assert territory_of(ground, union.spec).communes == union.communes


def test_a_hand_picked_list_resolves_former_codes(ground: Ground) -> None:
    picked = territory_of(ground, "list: 2A004, 20004 ,35238")
    assert picked.communes == {"2A004", "35238"}
    assert picked.code == "2A004,35238"
    assert territory_of(ground, picked.spec) == picked


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("epci", "GENRE:CODE"),
        ("bassin:12", "GENRE:CODE"),
        ("epci:", "GENRE:CODE"),
        ("commune:Saint-Denis", r"plusieurs portent ce nom.*93066"),
        ("commune:Renes", "Rennes"),
        ("department:1", r"Ain \(01\)"),
        ("list:35238,99999", "99999"),
        ("zone:8405", "dentelle ground load zones"),
        ("committee:CLPE01001", "dentelle ground load committees"),
    ],
)
def test_a_territory_that_cannot_be_found_is_refused_with_help(ground: Ground, spec: str, said: str) -> None:
    with pytest.raises(UnknownPlace, match=said):
        territory_of(ground, spec)


def test_no_territory_at_all_is_refused(ground: Ground) -> None:
    with pytest.raises(UnknownPlace, match="aucun territoire"):
        parse_territory(ground, [])


@given(codes=st.lists(st.sampled_from(["35", "22", "2B", "974", "75"]), min_size=1, max_size=4))
def test_a_union_of_departments_adds_distinct_populations(ground: Ground, codes: list[str]) -> None:
    union = parse_territory(ground, [f"department:{code}" for code in codes])
    assert union.population == sum(ground.department(code).population or 0 for code in set(codes))
