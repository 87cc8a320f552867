"""What is wrong with a questionnaire is told at its field; what changed between two versions is told too."""

from dataclasses import replace
from decimal import Decimal

from dentelle.rules.questionnaires import (
    Ask,
    Condition,
    Control,
    Document,
    Part,
    changes,
    flaws,
    moved_ask,
    told,
    with_ask,
    without_ask,
)

CLUB = Ask("club", "Avez-vous un club ?", "yes_no")
SIZE = Ask("size", "Combien d’entreprises ?", "whole", only_if=Condition("club", ("yes",)))
ACTIVE = Ask("active", "Dont actives", "whole")
COST = Ask("cost", "Son coût", "money")
YOU = Part("you", "Vous", asks=(CLUB, SIZE, ACTIVE, COST))
WORDS = Part("words", "Vos mots", asks=(Ask("word", "Un mot ?", "text"),))
WHOLE = Document("Les clubs", parts=(YOU, WORDS), controls=(Control("part", "active", of="size"),))


def told_of(document, former=()):
    return [(flaw.field, flaw.sentence) for flaw in flaws(document, former)]


def with_questions(*asks):
    return replace(WHOLE, parts=(replace(YOU, asks=asks), WORDS), controls=())


def test_a_questionnaire_that_holds_has_no_flaw():
    assert flaws(WHOLE) == []


def test_a_branch_on_a_later_question_or_on_one_that_is_gone_is_refused_at_its_field():
    [(field, sentence)] = told_of(moved_ask(WHOLE, "size", -1))
    assert field == "only_if"
    assert "est posée après" in sentence
    [(field, sentence)] = told_of(replace(without_ask(WHOLE, "club"), controls=()))
    assert "n’existe pas ou plus" in sentence


def test_a_branch_on_words_or_on_an_answer_not_offered_is_refused():
    on_words = replace(SIZE, only_if=Condition("word", ("a",)))
    [(_, sentence)] = told_of(replace(WHOLE, parts=(WORDS, replace(YOU, asks=(on_words,))), controls=()))
    assert "ni un choix" in sentence
    [(_, sentence)] = told_of(with_questions(CLUB, replace(SIZE, only_if=Condition("club", ("peut_etre",)))))
    assert "ne propose pas" in sentence


def test_a_part_answered_several_times_commands_nothing_outside():
    repeated = replace(YOU, most=3, item="fois", asks=(CLUB,))
    later = replace(WORDS, only_if=Condition("club", ("yes",)))
    [(_, sentence)] = told_of(Document("Essai", parts=(repeated, later)))
    assert "posée plusieurs fois" in sentence


def test_two_questions_with_one_code_and_a_list_of_one_choice_are_refused():
    [(field, sentence)] = told_of(with_questions(CLUB, replace(ACTIVE, code="club")))
    assert (field, "Avez-vous un club" in sentence) == ("code", True)
    one = Ask("one", "Lequel ?", "choice", options=(("a", "Celui-ci"),))
    assert told_of(with_questions(one)) == [("options", "Un choix demande deux réponses possibles au moins.")]


def test_a_control_is_on_figures_of_one_nature_asked_once():
    def of(control, document=WHOLE):
        return [sentence for _, sentence in told_of(replace(document, controls=(control,)))]

    assert "même nature" in of(Control("part", "active", of="cost"))[0]
    assert "n’est pas un nombre" in of(Control("jump", "word", percent=30))[0]
    assert "n’existe pas" in of(Control("jump", "gone", percent=30))[0]
    assert "borne" in of(Control("bounds", "size"))[0]
    assert "au-dessus" in of(Control("bounds", "size", low=Decimal(3), high=Decimal(2)))[0]
    assert "deux parts" in of(Control("parts", "size", plus=("active",)))[0]
    assert of(Control("bounds", "size", low=Decimal(1), high=Decimal(200))) == []


def test_a_question_that_was_asked_keeps_its_nature():
    changed = with_questions(CLUB, replace(ACTIVE, kind="decimal"))
    [(field, sentence)] = told_of(changed, [(1, WHOLE)])
    assert field == "kind"
    assert "En version 1" in sentence
    assert told_of(with_questions(CLUB, replace(ACTIVE, label="Actives")), [(1, WHOLE)]) == []


def test_a_part_without_question_only_stands_in_the_way_of_publishing():
    [flaw] = flaws(replace(WHOLE, parts=(YOU, replace(WORDS, asks=()))))
    assert flaw.later


def test_a_question_changes_part_and_stays_itself():
    moved = with_ask(replace(WHOLE, controls=()), "words", ACTIVE)
    assert [ask.code for ask in moved.asks()] == ["club", "size", "cost", "word", "active"]


def test_what_changed_between_two_versions_is_told():
    after = with_ask(without_ask(WHOLE, "cost"), "words", Ask("next", "Et ensuite ?", "text"))
    after = with_ask(after, "you", replace(ACTIVE, required=True, unit="entreprises"))
    found = {(change.what, change.sentence) for change in changes(WHOLE, after)}
    assert ("added", "«\u00a0Et ensuite ?\u00a0», dans «\u00a0Vos mots\u00a0».") in found
    assert ("removed", "«\u00a0Son coût\u00a0».") in found
    [changed] = [sentence for what, sentence in found if what == "changed"]
    assert "unité «\u00a0rien\u00a0» devient «\u00a0entreprises\u00a0»" in changed
    assert "à répondre" in changed
    assert changes(WHOLE, WHOLE) == []


def test_a_control_is_told_in_a_sentence():
    assert (
        told(WHOLE.controls[0], WHOLE)
        == "«\u00a0Dont actives\u00a0» ne dépasse pas «\u00a0Combien d’entreprises ?\u00a0»."
    )
    assert told(Control("bounds", "size", low=Decimal("0.5")), WHOLE).endswith("vaut au moins 0,5.")
