import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    "text",
    [
        "Publier chaque année, au 31 janv. 2027 au plus tard, le calendrier [2].",
        "Il en faut env. 30 par bassin [2].",
        "Le rapport (voir p. 12 et pp. 14 à 16) le dit [2].",
        "L’art. L. 2111-1, al. 2, et l’art. R. 2112 le permettent [2].",
        "Selon M. X, Mme. Y, MM. Sorin et Aubry et le Dr. Roche, il manque un car [2].",
        "Un car au max. 3 jours par semaine, cf. Observatoire, fig. 4, chap. 2 [2].",
        "Par ex. Parthenay, av. Foch, tél. 05, n. 3 [2].",
        "La circ. DGEFP du 9 sept. 2024, réf. A12, éd. 2 [2].",
    ],
)
def test_an_abbreviation_does_not_cut_a_sentence_in_two(text):
    [paragraph] = paragraphs(text, "p1")
    assert [each.numbers for each in paragraph.sentences] == [(2,)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Il part au 31 janv. Les bus manquent.", "Il part au 31 janv."),
        ("Le trajet dure 10 min. 25 % renoncent.", "Le trajet dure 10 min."),
        ("Trois jours au max. Les bus manquent.", "Trois jours au max."),
        ("Des bus, des cars, etc. Les trains manquent.", "Des bus, des cars, etc."),
        ("Il compte 30 000 hab. Les bus manquent.", "Il compte 30 000 hab."),
        ("Il y a un centre d’art. Les bus manquent.", "Il y a un centre d’art."),
        ("On craint le vol. À la gare, rien.", "On craint le vol."),
        ("Voir le rapport p. 12. Les bus manquent.", "Voir le rapport p. 12."),
        ("Il dépend du max. [1] Les bus manquent.", "Il dépend du max."),
    ],
)
def test_a_sentence_that_ends_with_a_short_word_ends_there(text, first):
    [paragraph] = paragraphs(text, "p1")
    assert paragraph.sentences[0].text == first
    assert len(paragraph.sentences) == 2


WORDS = [
    "bus",
    "Les",
    "janv.",
    "2027",
    "env.",
    "30",
    "p.",
    "M.",
    "X",
    "art.",
    "L.",
    "fin.",
    "«",
    "oui ?",
    "[1].",
    "[12]",
    "À",
    "…",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
def test_joining_the_sentences_gives_the_text_back(words):
    text = " ".join(words)
    [paragraph] = paragraphs(text, "p1")
    unmarked = re.sub(r"\s*\[\d+\]", "", text)
    assert " ".join(each.text for each in paragraph.sentences).split() == unmarked.split()
    assert paragraph.numbers == numbers_in(text)
