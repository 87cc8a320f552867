"""What is typed, as a condition on words."""

from hypothesis import given
from hypothesis import strategies as st

from dentelle.foundations.search.words import postgresql_match, sqlite_match, terms_of, words_of


def asked(text):
    return [term.alternatives for term in terms_of(text)]


def test_words_of_a_document_have_no_accent_and_identifiers_are_also_one_word():
    assert words_of("Ville de Saint-Élan", ["000 100 005 00012", "2024-T-031"]) == (
        "ville de saint elan 000 100 005 00012 00010000500012 2024 t 031 2024t031"
    )


def test_digits_in_groups_are_looked_for_together_or_apart():
    assert asked("000 100 005 élan") == [(("000100005",), ("000", "100", "005")), (("elan",),)]


def test_empty_words_are_left_out_but_the_one_being_typed():
    assert asked("ville de la mer") == [(("ville",),), (("mer",),)]
    assert asked("ville de") == [(("ville",),), (("de",),)]


def test_a_lone_digit_among_others_is_a_whole_word():
    assert "('2024':* & '1')" in postgresql_match(terms_of("2024 1"), "contract", ("s0",))
    assert '("2024" * AND "1")' in sqlite_match(terms_of("2024 1"), "contract", ("s0",))
    assert "('e':*)" in postgresql_match(terms_of("saint e"), "contract", ("s0",))


@given(st.text(max_size=300))
def test_whatever_is_typed_is_never_syntax(text):
    terms = terms_of(text)
    for term in terms:
        for words in term.alternatives:
            assert all(word.isascii() and word.isalnum() for word in words)
    if terms:
        assert "=s0" in postgresql_match(terms, "organisation", ("s0",))
        assert '"s0"' in sqlite_match(terms, "organisation", ("s0",))
