"""Search: what people type finds the place they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.opendata.ground import Ground
from dentelle.opendata.text import fold

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Saint-Étienne", "42218"),
        ("st etienne", "42218"),
        ("SAINT ETIENE", "42218"),
        ("le havre", "76351"),
        ("havre", "76351"),
        ("chalon s/ saone", "71076"),
        ("L’Haÿ-les-Roses", "94038"),
        ("l'hay les roses", "94038"),
        ("saint denis 93", "93066"),
        ("Saint-Denis (974)", "97411"),
        ("44000", "44109"),
        ("2a004", "2A004"),
        ("20004", "2A004"),
        ("213702616", "37261"),
        ("Bretagne", "53"),
        ("Ille-et-Vilaine", "35"),
        ("243 500 139", "243500139"),
        ("metropole rennes", "243500139"),
        ("communauté d’agglomération du bassin de bourg en bresse", "200071751"),
        ("Marsielle", "13055"),
        ("Clermont Ferand", "63113"),
        ("lyon 3e", "69123"),
        ("œuilly", "51410"),
    ],
)
def test_the_first_answer_is_the_place_meant(ground: Ground, typed: str, code: str) -> None:
    assert ground.search(typed)[0].code == code


@pytest.mark.parametrize("typed", ["rennes", "tours", "saint malo", "denis", "bourg"])
def test_exact_comes_before_prefix_before_word_before_near(ground: Ground, typed: str) -> None:
    order = ["code", "exact", "prefix", "word", "words", "near"]
    ranks = [order.index(hit.match) for hit in ground.search(typed, limit=30)]
    assert ranks == sorted(ranks)


def test_among_equals_the_most_populous_comes_first(ground: Ground) -> None:
    hits = ground.search("saint martin", kinds={"commune"}, limit=40)
    same_name = [hit.population or 0 for hit in hits if hit.match == "exact" and not hit.via]
    assert len(same_name) > 3
    assert same_name == sorted(same_name, reverse=True)


def test_kinds_restrict_the_answers(ground: Ground) -> None:
    assert {hit.kind for hit in ground.search("bretagne", kinds={"region"})} == {"region"}


def test_a_former_commune_leads_to_the_present_one_and_says_how(ground: Ground) -> None:
    hit = ground.search("Lamarche-en-Woëvre")[0]
    assert (hit.code, hit.via) == ("55386", "Lamarche-en-Woëvre (55273)")


def test_a_postal_code_lists_its_communes_most_populous_first(ground: Ground) -> None:
    assert [hit.code for hit in ground.search("44390")] == list(ground.communes_of_postal_code("44390"))


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "xqzxqzxqz", "00000", "\x00", "'; drop table", "(((", "ß" * 500])
def test_nonsense_breaks_nothing(ground: Ground, typed: str) -> None:
    assert isinstance(ground.search(typed), list)
    assert ground.search(typed, limit=0) == []


@given(text=st.text(max_size=40))
def test_any_text_is_answered_within_the_limit_without_double(ground: Ground, text: str) -> None:
    hits = ground.search(text, limit=7)
    assert len(hits) <= 7
    assert len({(hit.kind, hit.code) for hit in hits}) == len(hits)


@given(data=st.data())
def test_one_slip_in_a_big_commune_s_name_still_finds_it(ground: Ground, data: st.DataObject) -> None:
    table = ground.communes_table()
    big = [
        (code, fold(name))
        for code, name, population in zip(
            *(table[column].to_pylist() for column in ("commune_code", "commune_name", "population")), strict=True
        )
        if (population or 0) > 50_000
    ]
    code, name = data.draw(st.sampled_from(big))
    where = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    slip = data.draw(st.sampled_from(["drop", "replace", "insert", "swap"]))
    typed = {
        "drop": name[:where] + name[where + 1 :],
        "replace": name[:where] + letter + name[where + 1 :],
        "insert": name[:where] + letter + name[where:],
        "swap": name[:where] + name[where : where + 2][::-1] + name[where + 2 :],
    }[slip]
    assert code in [hit.code for hit in ground.search(typed, limit=10)], typed


@given(text=st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
