"""Nobody is recognised in what is shown."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules.disclosure import (
    counts_few_people,
    looks_like_nir,
    masked,
    network_minimum,
    shown_counts,
    shown_sum,
    words_may_be_shown,
)

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "disclosure.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_counts_are_shown_as_the_case_says(case):
    found = shown_counts({str(name): count for name, count in case["counts"].items()}, network_minimum())
    told = {name: "tu" if count is None else count for name, count in found.counts.items()}
    assert told == {str(name): shown for name, shown in case["shown"].items()}
    assert ("tu" if found.total is None else found.total) == case["total"]


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), min_size=1, max_size=6))
def test_no_small_count_is_shown_nor_alone_in_being_hidden(counts):
    found = shown_counts(counts, 5)
    assert not [count for count in found.counts.values() if count is not None and 0 < count < 5]
    if found.total is not None:
        assert found.hidden != 1


@pytest.mark.parametrize(
    ("values", "shown"),
    [((10, 12, 9), 31), ((10, 12), None), ((900, 50, 50), None), ((850, 100, 50), 1000), ((0, 0, 0), 0), ((), None)],
)
def test_a_sum_tells_what_nobody_said_alone(values, shown):
    assert shown_sum(values) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Appelez le 06 12 34 56 78", "Appelez le [téléphone masqué]"),
        ("au +33612345678.", "au [téléphone masqué]."),
        ("2 85 05 78 006 084 36 est son numéro", "[numéro masqué] est son numéro"),
        ("1850578006084", "[numéro masqué]"),
        ("SIRET 213 502 388 00019 et 1 250 000 €", "SIRET 213 502 388 00019 et 1 250 000 €"),
        ("jeanne.d@mairie-essai.fr", "[adresse masquée]"),
        ("Mme Le Gall attend une place", "Mme [nom masqué] attend une place"),
        ("M. Éric Lefèvre (e.lefevre@btp.fr) veut", "M. [nom masqué] ([adresse masquée]) veut"),
        ("Monsieur Jean-Luc d’Aubigné", "Monsieur [nom masqué]"),
        ("Madame la maire et M. le préfet", "Madame la maire et M. le préfet"),
    ],
)
def test_what_identifies_somebody_is_masked(text, shown):
    assert masked(text) == shown


def test_a_social_security_number_is_recognised_however_it_is_written():
    assert looks_like_nir("2 85 05 2A 006 084 36")
    assert looks_like_nir("285057800608436")
    assert not looks_like_nir("le 12 mars 2026, 18 personnes, 45000 euros")


def test_the_words_of_a_group_too_small_are_not_read():
    assert (words_may_be_shown(4, 5), words_may_be_shown(5, 5)) == (False, True)


@pytest.mark.parametrize(
    ("value", "unit", "label", "few"),
    [
        ("4", "personnes", "", True),
        ("10", "personnes", "", True),
        ("11", "personnes", "", False),
        ("0", "personnes", "", False),
        ("moins de 11", "personnes", "", False),
        ("4 000", "personnes", "", False),
        ("4\u202f000", "personnes", "", False),
        ("4,5", "personnes", "", False),
        ("4 personnes", "", "Refus d’un poste", True),
        ("quatre", "salariés", "", True),
        ("4", "refus", "Personnes qui ont refusé un poste", True),
        ("4", "", "Nombre de demandeurs d’emploi sans permis", True),
        ("4", "%", "Personnes sans permis", False),
        ("4", "heures", "Personnes sans permis", False),
        ("4", "communes", "Communes sans bus", False),
        ("7", "", "Structures membres du réseau", False),
    ],
)
def test_a_small_count_of_people_is_told_from_other_figures(value, unit, label, few):
    assert counts_few_people(value, unit, label) is few
