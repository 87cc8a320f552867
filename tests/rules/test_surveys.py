"""What is asked, what is missing, what does not hold together."""

from dentelle.rules.surveys import Asked, Check, Kind, doubts, figures, is_asked, missing

HAS = Asked("has", "a", "En avez-vous ?", Kind.YES_NO, required=True)
WHICH = Asked("which", "a", "Lesquels ?", Kind.TEXT, required=True, only_if=("has", ("yes",)))
LABELS = {"start": "Au 1er janvier", "in": "Entrées", "out": "Sorties", "end": "Au 31 décembre", "women": "Femmes"}
SUM = Check("sum", "end", plus=("start", "in"), minus=("out",))
PART, JUMP = Check("part", "women", of="in"), Check("jump", "in", percent=30)


def test_a_question_that_is_not_asked_is_not_missing():
    assert missing([HAS, WHICH], {"has": "no"}) == []
    assert missing([HAS, WHICH], {"has": "yes"}) == [WHICH]
    assert missing([HAS, WHICH], {}) == [HAS]


def test_one_of_several_choices_is_enough_to_ask():
    question = Asked("more", "a", "Plus ?", Kind.TEXT, only_if=("kinds", ("iae", "ea")))
    assert is_asked(question, {"kinds": ["other", "ea"]})
    assert not is_asked(question, {"kinds": ["other"]})


def test_zero_is_an_answer():
    question = Asked("n", "a", "Combien ?", Kind.WHOLE, required=True)
    assert missing([question], {"n": 0}) == []


def test_a_sum_that_does_not_hold_is_told_and_a_missing_part_makes_no_doubt():
    known = {"start": 100, "in": 40, "out": 30, "end": 111}
    [doubt] = doubts([SUM], LABELS, known)
    assert "donne 110" in doubt.sentence
    assert doubts([SUM], LABELS, {**known, "end": 110}) == []
    assert doubts([SUM], LABELS, {**known, "out": None}) == []


def test_a_part_is_at_most_its_whole():
    assert doubts([PART], LABELS, {"in": 40, "women": 40}) == []
    assert len(doubts([PART], LABELS, {"in": 40, "women": 41})) == 1


def test_a_jump_of_more_than_a_third_is_asked_about():
    assert doubts([JUMP], LABELS, {"in": 130}, {"in": 100}) == []
    assert "+31 %" in doubts([JUMP], LABELS, {"in": 131}, {"in": 100})[0].sentence
    assert "−40 %" in doubts([JUMP], LABELS, {"in": 60}, {"in": 100})[0].sentence
    assert doubts([JUMP], LABELS, {"in": 60}) == []


def test_who_did_not_answer_is_not_zero():
    found = figures([4, None, 8])
    assert (found.count, found.total, found.middle) == (2, 12, 6.0)


def test_parts_do_not_exceed_their_total_and_what_is_not_known_is_left_out():
    check = Check("parts", "in", plus=("women", "out"))
    assert doubts([check], LABELS, {"in": 40, "women": 30}) == []
    [doubt] = doubts([check], LABELS, {"in": 40, "women": 30, "out": 11})
    assert "Femmes + Sorties (41) dépasse « Entrées » (40)" in doubt.sentence


def test_a_figure_outside_its_bounds_is_told_in_the_unit_that_was_typed():
    check = Check("bounds", "in", low=50, high=7_000)
    assert doubts([check], LABELS, {"in": 50}, kinds={"in": Kind.DECIMAL}) == []
    [doubt] = doubts([check], LABELS, {"in": 7_050}, kinds={"in": Kind.DECIMAL})
    assert "(70,5) dépasse 70." in doubt.sentence
    [doubt] = doubts([PART], LABELS, {"in": 100_000, "women": 250_000}, kinds={"women": Kind.MONEY})
    assert "2\u202f500\u00a0€" in doubt.sentence
