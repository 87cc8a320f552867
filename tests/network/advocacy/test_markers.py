import pytest

from dentelle.network.advocacy.markers import numbers_in, paragraphs, unknown_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Une phrase.", [("Une phrase.", ())]),
        ("Une phrase [1].", [("Une phrase.", (1,))]),
        ("Une phrase. [1] Une autre.", [("Une phrase.", (1,)), ("Une autre.", ())]),
        ("Une phrase [1][2]. Écrire [3] !", [("Une phrase.", (1, 2)), ("Écrire !", (3,))]),
        ("Le taux est de 1,5 ETP. 25 % des cas [12].", [("Le taux est de 1,5 ETP.", ()), ("25 % des cas.", (12,))]),
        ("Il a dit « non ». « Jamais. »", [("Il a dit « non ».", ()), ("« Jamais. »", ())]),
        ("[1]", [("", (1,))]),
        ("Voir art. l'article 3.", [("Voir art. l'article 3.", ())]),
    ],
)
def test_each_sentence_has_its_own_sources(text, expected):
    [paragraph] = paragraphs(text, "p1")
    assert [(each.text, each.numbers) for each in paragraph.sentences] == expected


def test_each_paragraph_and_each_sentence_has_its_address():
    first, second = paragraphs("Un. Deux.\n\nTrois.", "p4-constat")
    assert [each.anchor for each in (*first.sentences, *second.sentences)] == [
        "p4-constat-1-1",
        "p4-constat-1-2",
        "p4-constat-2-1",
    ]


def test_no_text_has_no_paragraph():
    assert paragraphs(" \n ", "p1") == ()


def test_a_number_no_citation_has_is_unknown():
    assert numbers_in("[2] puis [1] puis [2]") == (2, 1)
    assert unknown_in("[2] puis [1]", {1}) == (2,)
