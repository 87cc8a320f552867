"""Two people, or two windows, on one part of a survey: neither silently erases what the other wrote."""

import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from dentelle.network.surveys import actions
from dentelle.network.surveys.models import Invitee, Response
from dentelle.network.surveys.reading import being_written
from tests.factories import NOW, MembershipFactory
from tests.surveys import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HIDDEN = re.compile(r'<input type="hidden"\s+name="(opened|seen|suggested|sent)"[^>]*?value="([^"]*)"')


class Window:
    """What a browser holds of one part: what its boxes say, and the hidden fields the site gives it."""

    def __init__(self, client: Client, invitee: Invitee, part: str = "experience", time: int = 1) -> None:
        self.client, self.query = client, urlencode({"partie": part, "fois": time})
        known = {"pk": invitee.campaign_id}
        self.page, self.draft = (
            (reverse("surveys:by-link"), reverse("surveys:draft-by-link"))
            if invitee.link_id
            else (reverse("surveys:answer", kwargs=known), reverse("surveys:draft", kwargs=known))
        )
        self.open(client.get(f"{self.page}?{self.query}"))

    def open(self, answer) -> None:
        form = answer.context["form"]
        self.boxes = {form[name].html_name: form[name].value() for name in form.fields}
        self.boxes = {name: value for name, value in self.boxes.items() if value not in (None, "", [])}
        self.hidden = {name: unescape(value) for name, value in HIDDEN.findall(answer.content.decode())}

    def type(self, **answers) -> "Window":
        self.boxes |= {f"q-{code}": value for code, value in answers.items()}
        return self

    def sent(self) -> dict:
        return {**self.boxes, **self.hidden}

    def autosave(self, *, is_answered: bool = True) -> str:
        raw = self.client.post(f"{self.draft}?{self.query}", self.sent()).content.decode()
        if is_answered:
            self.hidden |= {name: unescape(value) for name, value in HIDDEN.findall(raw)}
        else:
            waiting = [*json.loads(self.hidden["sent"] or "[]"), urlencode(self.boxes, doseq=True)]
            self.hidden["sent"] = json.dumps(waiting)
        return unescape(raw)

    def save(self, go: str = "suite"):
        answer = self.client.post(f"{self.page}?{self.query}", {**self.sent(), "aller": go})
        if answer.status_code != 302:
            self.open(answer)
        return answer


@pytest.fixture
def invitee(facilitator):
    made = making.asked(facilitator)
    actions.save_part(made, "you", 1, making.YOU, at=NOW)
    return made


@pytest.fixture
def nadia(facilitator, client_of):
    return client_of(facilitator)


@pytest.fixture
def paul(facilitator, client_of):
    return client_of(MembershipFactory(facilitator=True, structure=facilitator.structure))


def kept(invitee, code: str, time: int = 1):
    return being_written(Response.objects.get(invitee=invitee)).get((code, time))


def said(answer) -> str:
    return unescape(answer.content.decode())


def words(text: str) -> list[str]:
    return [each.strip() for each in re.findall(r'<blockquote class="words">(.*?)</blockquote>', text, re.DOTALL)]


def test_a_colleague_s_words_stay_when_another_box_of_the_part_saves_itself(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(redo="Un seul lieu.").autosave()
    assert "Enregistré à" in hers.type(start="D’un échec.").autosave()
    assert (kept(invitee, "redo"), kept(invitee, "start")) == ("Un seul lieu.", "D’un échec.")


def test_a_colleague_s_words_stay_when_the_part_is_saved_without_script(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    assert his.type(redo="Un seul lieu.").save().status_code == 302
    assert hers.type(start="D’un échec.").save().status_code == 302
    assert (kept(invitee, "redo"), kept(invitee, "start")) == ("Un seul lieu.", "D’un échec.")


def test_two_windows_of_one_person_keep_what_each_wrote(invitee, nadia):
    first, second = Window(nadia, invitee), Window(nadia, invitee)
    first.type(redo="Un seul lieu.").autosave()
    second.type(start="D’un échec.").autosave()
    first.type(what="Elles se retrouvent.").autosave()
    assert [kept(invitee, code) for code in ("redo", "start", "what")] == [
        "Un seul lieu.",
        "D’un échec.",
        "Elles se retrouvent.",
    ]


def test_two_browsers_behind_one_link_keep_what_each_wrote(facilitator):
    invitee = making.linked(facilitator)
    actions.save_part(invitee, "you", 1, making.YOU, at=NOW)
    first, second = (Window(making.bearer(invitee, Client()), invitee) for _ in range(2))
    first.type(redo="Un seul lieu.").autosave()
    second.type(start="D’un échec.").autosave()
    assert (kept(invitee, "redo"), kept(invitee, "start")) == ("Un seul lieu.", "D’un échec.")
    assert "modifié par une autre personne" in second.type(redo="Deux lieux.").autosave()
    assert kept(invitee, "redo") == "Un seul lieu."


def test_a_page_that_saves_itself_twice_is_not_in_its_own_way(invitee, nadia):
    hers = Window(nadia, invitee)
    for typed in ("Un", "Un seul", "Un seul lieu.", ""):
        assert "Enregistré à" in hers.type(redo=typed, people="12").autosave()
        assert kept(invitee, "redo") == (typed or None)
    assert hers.type(redo="Deux lieux.").save().status_code == 302
    assert kept(invitee, "redo") == "Deux lieux."


def test_what_was_kept_though_its_answer_was_lost_is_not_taken_for_somebody_else_s(invitee, nadia):
    hers = Window(nadia, invitee)
    hers.type(redo="Un seul").autosave(is_answered=False)
    assert "Enregistré à" in hers.type(redo="Un seul lieu.").autosave()
    hers.type(redo="Un seul lieu, tenu.").autosave(is_answered=False)
    assert hers.type(redo="Un seul lieu.").save().status_code == 302
    assert kept(invitee, "redo") == "Un seul lieu."


def test_a_box_both_wrote_is_not_replaced_as_one_types_and_both_texts_are_beside_it(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(redo="Un seul lieu.").autosave()
    told = hers.type(redo="Deux lieux.", start="D’un échec.").autosave()
    assert "Enregistré à" not in told
    assert "« Que referiez-vous ? » a été modifié par une autre personne" in told.replace("\xa0", " ").replace(
        "\u202f", " "
    )
    beside = told.partition('id="entre-temps-redo"')[2].partition('id="entre-temps-people"')[0]
    assert words(beside) == ["Un seul lieu.", "Deux lieux."]
    assert (kept(invitee, "redo"), kept(invitee, "start")) == ("Un seul lieu.", "D’un échec.")
    assert "Enregistré à" not in hers.type(what="Racontons.").autosave()
    assert kept(invitee, "redo") == "Un seul lieu."
    assert words(hers.type(redo="").autosave()) == []
    assert kept(invitee, "redo") == "Un seul lieu."


def test_saving_a_box_both_wrote_shows_both_and_saving_again_replaces_it_knowingly(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(redo="Un seul lieu.", difficulty="Le temps.").autosave()
    shown = hers.type(redo="Deux lieux.", start="D’un échec.").save()
    assert shown.status_code == 409
    assert words(said(shown)) == ["Le temps.", "Un seul lieu.", "Deux lieux."]
    assert (kept(invitee, "redo"), kept(invitee, "start")) == ("Un seul lieu.", "D’un échec.")
    assert hers.boxes["q-redo"] == "Deux lieux."
    assert hers.boxes["q-difficulty"] == "Le temps."
    hers.type(what="Racontons.").autosave()
    assert kept(invitee, "redo") == "Un seul lieu."
    assert hers.save().status_code == 302
    assert (kept(invitee, "redo"), kept(invitee, "difficulty")) == ("Deux lieux.", "Le temps.")


def test_a_box_emptied_knowingly_after_both_texts_were_shown_is_emptied(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(redo="Un seul lieu.").autosave()
    assert hers.type(redo="Deux lieux.").save().status_code == 409
    assert hers.type(redo="").save().status_code == 302
    assert kept(invitee, "redo") is None


def test_what_changes_once_more_after_both_texts_were_shown_is_shown_again(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(redo="Un seul lieu.").autosave()
    assert hers.type(redo="Deux lieux.").save().status_code == 409
    his.type(redo="Aucun lieu.").autosave()
    shown = hers.save()
    assert (shown.status_code, words(said(shown))) == (409, ["Aucun lieu.", "Deux lieux."])


def test_choices_both_made_are_told_in_words_and_the_order_of_ticks_is_no_change(invitee, nadia, paul):
    Window(nadia, invitee).type(subject=["training", "partnerships"]).autosave()
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    assert "Enregistré à" in his.type(subject=["partnerships", "training", "diversity"], outcome="failed").autosave()
    assert "Enregistré à" in hers.type(subject=["partnerships", "training"], title="Un club").autosave()
    assert kept(invitee, "subject") == ["partnerships", "training", "diversity"]
    told = hers.type(subject=["upstream"]).autosave()
    assert words(told)[1] == "Insertion en amont de l’achat"
    assert words(told)[0].endswith("Mixité des publics et des métiers")
    assert kept(invitee, "outcome") == "failed"


def test_a_figure_is_compared_as_kept_and_not_as_shown(facilitator, nadia, paul):
    invitee = making.asked(facilitator, "plie", year=2025)
    code, part = next(
        (each.code, each.block)
        for each in invitee.campaign.questionnaire.questions.all()
        if each.kind == "decimal" and not each.only_if
    )
    actions.save_part(invitee, part, 1, {code: 350}, at=NOW)
    hers, his = Window(nadia, invitee, part), Window(paul, invitee, part)
    his.type(**{code: "4,25"}).autosave()
    assert "Enregistré à" in hers.type(**{code: "3,50"}).autosave()
    assert kept(invitee, code) == 425


def test_what_cannot_be_read_takes_nothing_away(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(people="12", redo="Un seul lieu.").autosave()
    assert "Pas enregistré" in hers.type(people="douze").autosave()
    assert hers.save().status_code == 422
    assert (kept(invitee, "people"), kept(invitee, "redo")) == (12, "Un seul lieu.")
    assert hers.type(people="15").save().status_code == 409


def test_each_time_a_part_is_told_keeps_its_own(invitee, nadia, paul):
    actions.save_part(invitee, "experience", 1, making.EXPERIENCE, at=NOW)
    actions.save_part(invitee, "experience", 2, {"title": "Une navette"}, at=NOW)
    hers, his = Window(nadia, invitee, time=2), Window(paul, invitee, time=2)
    his.type(redo="Un seul lieu.").autosave()
    hers.type(start="D’un échec.").autosave()
    assert [kept(invitee, code, 2) for code in ("title", "redo", "start")] == [
        "Une navette",
        "Un seul lieu.",
        "D’un échec.",
    ]
    assert kept(invitee, "redo") is None


def test_a_time_written_meanwhile_is_taken_out_only_once_it_was_shown(invitee, nadia, paul):
    actions.save_part(invitee, "experience", 1, making.EXPERIENCE, at=NOW)
    actions.save_part(invitee, "experience", 2, {"title": "Une navette"}, at=NOW)
    hers, his = Window(nadia, invitee, time=2), Window(paul, invitee, time=2)
    his.type(redo="Un seul lieu.").autosave()
    shown = hers.save("retirer")
    assert (shown.status_code, words(said(shown))) == (409, ["Un seul lieu."])
    assert "Rien n’est retiré" in said(shown)
    assert kept(invitee, "redo", 2) == "Un seul lieu."
    assert hers.save("retirer").status_code == 302
    assert kept(invitee, "redo", 2) is None


def test_a_question_that_depends_on_another_keeps_what_a_colleague_answered(invitee, nadia, paul):
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(sheet="yes", contact="Jeanne Essai").autosave()
    hers.type(start="D’un échec.").autosave()
    assert (kept(invitee, "sheet"), kept(invitee, "contact")) == ("yes", "Jeanne Essai")


def test_a_question_asked_since_by_an_answer_elsewhere_is_left_to_who_saw_it(invitee, nadia):
    hers = Window(nadia, invitee)
    actions.save_part(invitee, "experience", 1, {"redo": "Un seul lieu."}, at=NOW)
    opened = json.loads(hers.hidden["opened"])
    del opened["redo"]
    hers.hidden["opened"] = json.dumps(opened)
    hers.type(start="D’un échec.").autosave()
    assert kept(invitee, "redo") == "Un seul lieu."


def test_a_suggestion_nobody_touched_gives_way_to_a_colleague_s_answer(facilitator, nadia, paul):
    invitee = making.asked(facilitator)
    hers, his = Window(nadia, invitee, "you"), Window(paul, invitee, "you")
    assert hers.boxes["q-structure"] == facilitator.structure.name
    his.type(structure="PLIE du Bocage").autosave()
    assert "Enregistré à" in hers.type(role="facilitator").autosave()
    assert (kept(invitee, "structure"), kept(invitee, "role")) == ("PLIE du Bocage", "facilitator")


def test_changes_to_an_answer_already_sent_go_together_beside_it(invitee, nadia, paul):
    making.answered(invitee)
    hers, his = Window(nadia, invitee), Window(paul, invitee)
    his.type(redo="Un seul lieu.").autosave()
    hers.type(start="D’un échec.").autosave()
    assert (kept(invitee, "redo"), kept(invitee, "start")) == ("Un seul lieu.", "D’un échec.")
    assert hers.type(redo="Deux lieux.").save().status_code == 409


def test_a_page_whose_hidden_words_are_no_longer_readable_is_refused(invitee, nadia):
    hers = Window(nadia, invitee)
    for wrong in ("{", "[]", "3"):
        hers.hidden["opened"] = wrong
        assert nadia.post(f"{hers.draft}?{hers.query}", hers.sent()).status_code == 400


def test_a_part_taken_away_by_a_colleague_s_answer_keeps_what_is_sent_of_it_and_says_so(invitee, nadia, paul):
    hers = Window(nadia, invitee).type(start="D’un échec.")
    Window(paul, invitee, part="you").type(has_experience="no").autosave()
    answer = hers.save()
    assert answer.status_code == 302
    assert "partie=needs" in answer["Location"]
    assert "n’est plus posée" in said(nadia.get(answer["Location"]))
    assert kept(invitee, "start") == "D’un échec."
    Window(paul, invitee, part="you").type(has_experience="yes").autosave()
    assert Window(nadia, invitee).boxes["q-start"] == "D’un échec."
