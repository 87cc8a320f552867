"""The head writes a questionnaire, publishes it, prepares the next version; files go out and come back."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from dentelle.network.advocacy import measures
from dentelle.network.surveys import actions, inviting, writing
from dentelle.network.surveys.documents import as_file, document_of, read_file
from dentelle.network.surveys.models import Answer, Campaign, Invitee, Questionnaire
from dentelle.network.surveys.reading import read
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.results import Outcome, Results, _hidden_beside
from dentelle.network.surveys.results import Part as PartOfResults
from dentelle.network.surveys.shipped import CODES, shipped
from dentelle.rules.questionnaires import Ask, Part
from tests.factories import NOW, NetworkFactory, NetworkSeatFactory
from tests.forms import said_of, sent_back, text
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(facilitator):
    return head_of(facilitator)


@pytest.fixture
def head(seat, client):
    client.force_login(seat.user)
    return client


def at(name, **known):
    return reverse(f"surveys:{name}", kwargs=known)


def written(draft):
    """The questionnaire as it is kept now."""
    return document_of(Questionnaire.objects.get(pk=draft.pk))


def act(head, pk, code, what=""):
    return head.post(at("writing-act", pk=pk, code=code), {"quoi": what} if what else {})


def test_the_head_writes_a_questionnaire_from_a_blank_page_and_publishes_it(head):
    made = head.post(at("begin"), {"title": "Les clubs d’entreprises", "origin": ""})
    draft = Questionnaire.objects.get()
    known = {"pk": draft.pk}
    assert made["Location"] == at("write", **known)
    head.post(at("part-new", **known), {"title": "Votre club", "most": "1"})
    here = at("ask-new", **known, part_code="votre_club")
    head.post(here, {"label": "Avez-vous un club ?", "kind": "yes_no", "required": "on", "part": "votre_club"})
    head.post(
        here,
        {
            "label": "Quelles entreprises ?",
            "kind": "choices",
            "options": "Bâtiment\nPropreté\n",
            "part": "votre_club",
            "when": ["avez_vous_un_club=yes"],
        },
    )
    head.post(here, {"label": "Temps passé", "kind": "decimal", "unit": "ETP", "part": "votre_club"})
    head.post(f"{at('control-new', **known)}?nature=bounds", {"value": "temps_passe", "low": "0", "high": "2,5"})
    document = written(draft)
    assert [ask.code for ask in document.asks()] == ["avez_vous_un_club", "quelles_entreprises", "temps_passe"]
    assert document.ask("quelles_entreprises").options == (("batiment", "Bâtiment"), ("proprete", "Propreté"))
    assert document.ask("quelles_entreprises").only_if.values == ("yes",)
    assert "entre 0 et 2,5" in head.get(at("write", **known)).content.decode()
    shown = head.get(at("preview", **known)).content.decode()
    assert 'data-when="q-avez_vous_un_club"' in shown
    assert '<span class="unit">ETP</span>' in shown
    published = act(head, draft.pk, "publier")
    assert published["Location"] == at("questionnaire", **known)
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert head.get(at("write", **known)).status_code == 404
    assert "Préparer une campagne" in head.get(at("questionnaire", **known)).content.decode()
    acts = set(Entry.objects.values_list("act", flat=True))
    assert {"questionnaire.begun", "questionnaire.written", "questionnaire.published"} <= acts


def test_no_campaign_starts_on_a_draft_and_a_published_version_does_not_change(seat):
    draft = making.draft(seat)
    asked = {"title": "Essai", "closes_on": NOW.date().replace(month=12), "anonymous": False, "year": None}
    with pytest.raises(SurveyRefused, match="brouillon"):
        actions.create_campaign(seat, questionnaire=draft.pk, **asked, at=NOW)
    writing.publish(seat, draft.pk, at=NOW)
    assert actions.create_campaign(seat, questionnaire=draft.pk, **asked, at=NOW).questionnaire == draft
    with pytest.raises(SurveyRefused, match="ne change plus"):
        writing.write_part(seat, draft.pk, Part("", "Encore"), at=NOW)
    with pytest.raises(SurveyRefused, match="ne change plus"):
        writing.drop(seat, draft.pk, at=NOW)


def test_a_draft_without_question_is_not_published_and_says_what_is_missing(head, seat):
    draft = writing.begin(seat, "Vide", origin=None, at=NOW)
    assert "aucune partie" in head.get(at("write", pk=draft.pk)).content.decode()
    act(head, draft.pk, "publier")
    draft.refresh_from_db()
    assert draft.published_at is None


def test_what_the_rules_refuse_is_told_at_its_field_and_nothing_typed_is_lost(head, seat):
    draft = making.draft(seat)
    here = at("ask-new", pk=draft.pk, part_code="vous")
    answer = head.post(here, {"label": "Lequel ?", "kind": "choice", "options": "Un seul", "part": "vous"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["options"] == ["Un choix demande deux réponses possibles au moins."]
    assert "Un seul" in answer.content.decode()
    answer = head.post(here, {"label": "Encore", "kind": "line", "part": "vous", "code": "combien"})
    assert "Combien d’entreprises" in answer.context["form"].errors["code"][0]
    assert "Combien d’entreprises ?" in [ask.label for ask in written(draft).asks()]


def test_what_something_depends_on_is_neither_removed_nor_moved_after(head, seat):
    draft = making.draft(seat)
    before = written(draft)
    act(head, draft.pk, "retirer", "question:avez_vous_un_club")
    act(head, draft.pk, "descendre", "question:avez_vous_un_club")
    act(head, draft.pk, "retirer", "question:combien")
    assert written(draft) == before
    shown = head.get(at("write", pk=draft.pk)).content.decode()
    assert "dépend d’une question qui n’existe pas ou plus" in shown
    assert "qui est posée après" in shown
    assert "Un contrôle porte sur une question qui n’existe pas" in shown


def test_questions_parts_and_controls_move_and_go(head, seat):
    draft = making.draft(seat)
    act(head, draft.pk, "monter", "question:actives")
    writing.write_part(seat, draft.pk, Part("", "Le reste"), at=NOW)
    act(head, draft.pk, "monter", "partie:le_reste")
    document = written(draft)
    assert [ask.code for ask in document.asks()] == ["avez_vous_un_club", "actives", "combien"]
    assert [part.code for part in document.parts] == ["le_reste", "vous"]
    act(head, draft.pk, "retirer", "controle:0")
    act(head, draft.pk, "retirer", "partie:le_reste")
    assert written(draft).controls == ()
    assert len(written(draft).parts) == 1
    assert act(head, draft.pk, "abandonner")["Location"] == at("campaigns")
    assert not Questionnaire.objects.exists()


def test_the_next_version_copies_the_published_one_keeps_its_codes_and_shows_what_changed(head, seat):
    asked = actions.take_shipped(seat, "tour", at=NOW)
    made = act(head, asked.pk, "suivante")
    draft = Questionnaire.objects.get(version=2)
    assert made["Location"] == at("write", pk=draft.pk)
    assert written(draft) == document_of(asked)
    assert act(head, asked.pk, "suivante")["Location"] == made["Location"], "one draft at a time"
    here = at("ask", pk=draft.pk, code="outcome")
    form = head.get(here).context["form"]
    options = (
        form["options"].value().replace("en partie", "à moitié").replace("non [failed]", "non [failed]\nje ne sais pas")
    )
    head.post(here, {"label": "A-t-elle marché ?", "kind": "choice", "options": options, "part": "experience"})
    question = written(draft).ask("outcome")
    assert [code for code, _ in question.options] == ["worked", "partly", "failed", "je_ne_sais_pas"]
    assert question.sheet_field == "outcome", "what its answers fill stays"
    assert "A-t-elle marché" in head.get(at("write", pk=draft.pk)).content.decode()
    act(head, draft.pk, "publier")
    shown = head.get(at("questionnaire", pk=draft.pk)).content.decode()
    assert "Ce qui a changé depuis la version 1" in shown
    assert document_of(asked).ask("outcome").label == "Est-ce que cela a marché ?", "what was asked stays"


def test_a_code_that_was_asked_is_not_given_to_another_question(seat):
    asked = actions.take_shipped(seat, "tour", at=NOW)
    draft = writing.prepare_next(seat, asked.pk, at=NOW)
    writing.remove(seat, draft.pk, "question", "place", at=NOW)
    code = writing.write_ask(seat, draft.pk, "you", Ask("", "Place", "line"), new=True, at=NOW)
    assert code == "place_2"
    writing.remove(seat, draft.pk, "question", "people", at=NOW)
    with pytest.raises(writing.Flawed, match="En version 1"):
        writing.write_ask(seat, draft.pk, "you", Ask("people", "Personnes", "text"), new=True, at=NOW)


def test_a_question_of_another_part_commands_what_is_asked(seat, facilitator, client_of):
    draft = making.draft(seat)
    part = writing.write_part(seat, draft.pk, Part("", "Le club"), at=NOW)
    condition = written(draft).ask("combien").only_if
    name = Ask("nom", "Son nom", "line", required=True, only_if=condition)
    writing.write_ask(seat, draft.pk, part, name, new=True, at=NOW)
    writing.write_ask(seat, draft.pk, part, Ask("mot", "Un mot", "line"), new=True, at=NOW)
    writing.publish(seat, draft.pk, at=NOW)
    campaign = actions.create_campaign(
        seat, questionnaire=draft.pk, title="Clubs", closes_on=NOW.date().replace(month=12), anonymous=False, year=None, at=NOW
    )  # fmt: skip
    actions.open_campaign(seat, campaign.pk, at=NOW)
    inviting.invite_structures(seat, campaign.pk, at=NOW)
    invitee = Invitee.objects.select_related("campaign__questionnaire", "structure").get()
    page = f"{at('answer', pk=campaign.pk)}?partie=le_club"
    for answer, seen in (("no", False), ("yes", True)):
        actions.save_part(invitee, "vous", 1, {"avez_vous_un_club": answer}, at=NOW)
        assert ("Son nom" in client_of(facilitator).get(page).content.decode()) is seen


def test_a_decimal_is_kept_in_hundredths_and_read_back_as_typed(seat, facilitator, client_of):
    draft = making.draft(seat)
    writing.write_ask(seat, draft.pk, "vous", Ask("temps", "Temps", "decimal", unit="ETP"), new=True, at=NOW)
    writing.publish(seat, draft.pk, at=NOW)
    campaign = Campaign.objects.create(
        network=seat.network, questionnaire=draft, title="ETP", closes_on=NOW.date().replace(month=12),
        state="open", opened_on=NOW.date(), created_by=seat.user, created_at=NOW,
    )  # fmt: skip
    inviting.invite_structures(seat, campaign.pk, at=NOW)
    client = client_of(facilitator)
    page = f"{at('answer', pk=campaign.pk)}?partie=vous"
    client.post(page, {"q-avez_vous_un_club": "no", "q-temps": "2,35", "aller": "suite"})
    assert Answer.objects.get(question__code="temps").value == 235
    assert 'value="2,35"' in client.get(page).content.decode()
    refused = client.post(page, {"q-temps": "2,355", "aller": "suite"})
    assert refused.status_code == 422


@pytest.mark.parametrize("code", CODES)
def test_what_is_written_in_a_file_is_what_is_read_from_it(code):
    assert read_file(as_file(shipped(code)).encode()) == (shipped(code), [])


WRONG = """title: "Essai"
blocks:
  - code: vous
    title: "Vous"
    questions:
      - {code: club, label: "Un club ?", kind: yes_no}
      - {code: club, label: "Un autre ?", kind: whole, required: peut-être}
      - code: nom
        label: "Son nom"
        kind: ligne
        only_if: {question: plus_tard, values: [yes]}
      - code: liste
        label: "Lequel ?"
        kind: choice
        options: {un: "Un seul"}
        questions: []
"""


def test_a_file_is_told_wrong_at_each_of_its_lines(head, seat):
    _, wrong = read_file(WRONG.encode())
    lines = {(each.line, each.sentence.split("\u00a0")[0].split(" ")[0]) for each in wrong}
    assert {line for line, _ in lines} == {7, 10, 15, 16}
    assert any("partie répétée" in each.sentence for each in wrong if each.line == 16)
    answer = head.post(at("upload"), {"file": SimpleUploadedFile("q.yaml", WRONG.encode())})
    assert answer.status_code == 422
    assert "Ligne 7" in answer.content.decode()
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"title: [", 1),
        (b"title: \xe9", 1),
        (b"", 0),
        (b"a: &a [1]\nb: *a\n", 2),
        (b"[" * 5_000, 1),
        (b"x" * 300_000, 0),
        (b"\x00", 0),
        (b"- une\n- liste\n", 1),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused_in_words(content, line):
    _, wrong = read_file(content)
    assert wrong
    assert wrong[0].line == line


def test_a_file_becomes_a_draft_and_replaces_one(head, seat):
    draft = making.draft(seat)
    text = head.get(at("file", pk=draft.pk))
    assert text["Content-Disposition"] == f'attachment; filename="{draft.code}-v1.yaml"'
    changed = text.content.decode().replace("Dont actives", "Dont vraiment actives").encode()
    head.post(at("upload-draft", pk=draft.pk), {"file": SimpleUploadedFile("q.yaml", changed)})
    assert written(draft).ask("actives").label == "Dont vraiment actives"
    head.post(at("upload"), {"file": SimpleUploadedFile("q.yaml", changed)})
    other = Questionnaire.objects.exclude(pk=draft.pk).get()
    assert other.code != draft.code
    assert document_of(other) == written(draft)


def test_a_copy_is_another_questionnaire(head, seat):
    asked = actions.take_shipped(seat, "plie", at=NOW)
    head.post(at("begin"), {"title": "Notre consolidation", "origin": str(asked.pk)})
    copy = Questionnaire.objects.get(code="notre_consolidation")
    assert (copy.version, copy.published_at) == (1, None)
    assert list(document_of(copy).asks()) == list(document_of(asked).asks())


def test_a_network_that_took_an_older_frame_is_offered_the_one_shipped_today(head, seat):
    asked = actions.take_shipped(seat, "plie", at=NOW)
    assert "trame livrée" not in head.get(at("questionnaire", pk=asked.pk)).content.decode()
    Questionnaire.objects.filter(pk=asked.pk).update(title="La trame d’avant")
    assert "trame livrée" in head.get(at("questionnaire", pk=asked.pk)).content.decode()
    act(head, asked.pk, "trame")
    assert document_of(Questionnaire.objects.get(version=2)) == shipped("plie")


def test_another_network_finds_none_of_it(seat, client):
    draft = making.draft(seat)
    client.force_login(NetworkSeatFactory(network=NetworkFactory(name="Autre réseau")).user)
    for name in ("write", "preview", "file", "present"):
        assert client.get(at(name, pk=draft.pk)).status_code == 404


def test_a_draft_shows_in_as_many_queries_whatever_its_length(head, seat, assert_max_queries):
    asked = actions.take_shipped(seat, "plie", at=NOW)
    draft = writing.prepare_next(seat, asked.pk, at=NOW)
    head.get(at("write", pk=draft.pk))
    with assert_max_queries(15):
        head.get(at("write", pk=draft.pk))


def test_an_amount_and_a_decimal_are_measured_in_what_was_typed(monkeypatch, seat):
    asked = actions.take_shipped(seat, "clause", at=NOW)
    campaign = Campaign(pk=1, questionnaire=asked, title="La clause")
    given = [
        Outcome(1, "État", "money", 6, total=30_000_000),
        Outcome(2, "Postes", "decimal", 6, total=750, unit="ETP"),
    ]
    results = Results(6, 6, (), (), (PartOfResults("Moyens", tuple(given)),))
    monkeypatch.setattr(measures, "results_of", lambda campaign, head: results)
    found = {each.label: (each.value, each.unit) for each in measures._survey(campaign)}
    assert found == {
        "État (Moyens, La clause)": ("300\u202f000", "€"),
        "Postes (Moyens, La clause)": ("7,5", "ETP"),
    }


def test_a_part_kept_quiet_is_not_given_back_by_its_total_and_the_others(seat):
    asked = actions.take_shipped(seat, "clause", at=NOW)
    whole = read(asked)
    by_code = {question.code: question for block in whole.blocks for question in block.questions}
    few, many = ([Answer(response_id=rank, value=1) for rank in range(count)] for count in (2, 6))
    given = {by_code["people"].pk: many, by_code["women"].pk: few, by_code["men"].pk: many}
    assert _hidden_beside(whole, given) & {"people", "men"}


@pytest.mark.parametrize("kind", ["", "choice", "choices"])
def test_possible_answers_are_never_said_to_be_optional(kind, head):
    head.post(at("begin"), {"title": "Les clubs d’entreprises", "origin": ""})
    known = {"pk": Questionnaire.objects.get().pk}
    head.post(at("part-new", **known), {"title": "Votre club", "most": "1"})
    here = at("ask-new", **known, part_code="votre_club")
    typed = {"label": "Lesquelles ?", "kind": kind, "options": "", "part": "votre_club"}
    page = head.post(here, typed) if kind else head.get(here)
    text = " ".join(page.content.decode().split())
    assert "Réponses possibles</label>" in text.replace(" </label>", "</label>")
    assert ("Un choix demande deux réponses possibles au moins." in text) is bool(kind)
    assert "Ce champ est obligatoire" not in text


def test_a_question_answered_by_words_needs_no_possible_answer(head):
    head.post(at("begin"), {"title": "Les clubs d’entreprises", "origin": ""})
    known = {"pk": Questionnaire.objects.get().pk}
    head.post(at("part-new", **known), {"title": "Votre club", "most": "1"})
    here = at("ask-new", **known, part_code="votre_club")
    typed = {"label": "Racontez", "kind": "text", "options": "", "part": "votre_club"}
    assert head.post(here, typed).status_code == 302


@pytest.fixture
def draft(head):
    """A questionnaire of one part and two questions, with a control, being written."""
    head.post(at("begin"), {"title": "Les clubs d’entreprises", "origin": ""})
    draft = Questionnaire.objects.get()
    head.post(at("part-new", pk=draft.pk), {"title": "Votre club", "most": "1"})
    here = at("ask-new", pk=draft.pk, part_code="votre_club")
    for label in ("Membres", "Dont artisans"):
        head.post(here, {"label": label, "kind": "whole", "part": "votre_club"})
    head.post(f"{at('control-new', pk=draft.pk)}?nature=bounds", {"value": "membres", "low": "0", "high": "50"})
    return draft


@pytest.mark.parametrize(
    ("name", "known", "box", "label"),
    [
        ("present", {}, "title", "Titre"),
        ("part", {"code": "votre_club"}, "title", "Titre de la partie"),
        ("ask", {"code": "membres"}, "label", "Question"),
        ("control", {"rank": 0}, "high", "Au plus"),
    ],
)
def test_two_windows_on_a_draft_replace_none_of_each_other_s_words(name, known, box, label, head, draft):
    first, second = ("70", "90") if name == "control" else ("Le premier texte", "Le second texte")
    address = at(name, pk=draft.pk, **known)
    opened = head.get(address)
    assert head.post(address, sent_back(opened, box, **{box: first})).status_code == 302
    kept = written(draft)
    conflict = head.post(address, sent_back(opened, box, **{box: second}))
    assert (conflict.status_code, said_of(conflict, label)[-1]) == (409, second)
    assert written(draft) == kept
    assert head.post(address, sent_back(conflict, box)).status_code == 302
    assert str(head.get(address).context["form"][box].value()).removesuffix(".00") == second


def test_two_boxes_of_one_question_written_in_two_windows_go_together(head, draft):
    address = at("ask", pk=draft.pk, code="membres")
    opened = head.get(address)
    head.post(address, sent_back(opened, "label", label="Combien de membres"))
    assert head.post(address, sent_back(opened, "label", help="À jour de cotisation")).status_code == 302
    kept = written(draft).ask("membres")
    assert (kept.label, kept.help) == ("Combien de membres", "À jour de cotisation")


@pytest.mark.parametrize(
    ("nature", "given"),
    [
        ("bounds", {"value": "dont_artisans", "low": "0", "high": "50"}),
        ("jump", {"value": "dont_artisans", "percent": "30"}),
    ],
)
def test_a_control_that_takes_the_rank_of_one_removed_is_not_written_over(nature, given, head, draft):
    head.post(f"{at('control-new', pk=draft.pk)}?nature={nature}", given)
    address = at("control", pk=draft.pk, rank=0)
    opened = head.get(address)
    act(head, draft.pk, "retirer", "controle:0")
    kept = written(draft)
    told = head.post(address, sent_back(opened, "high", high="80"), follow=True)
    assert "Ce contrôle a été retiré ou remplacé" in text(told)
    assert "«\u202f80\u202f»" in text(told)
    assert written(draft) == kept


def test_a_bound_read_in_french_is_not_taken_for_one_s_own_change(head, draft):
    address = at("control", pk=draft.pk, rank=0)
    head.post(address, sent_back(head.get(address), "high", high="1000,5"))
    opened = head.get(address)
    head.post(address, sent_back(opened, "high", high="2000"))
    assert head.post(address, sent_back(opened, "high", low="1,5")).status_code == 302
    [control] = written(draft).controls
    assert (control.low, control.high) == (Decimal("1.5"), Decimal(2000))


def test_answers_ticked_stay_in_the_order_of_their_boxes(head, draft):
    for label in ("Zones couvertes", "Ateliers"):
        head.post(
            at("ask-new", pk=draft.pk, part_code="votre_club"), {"label": label, "kind": "whole", "part": "votre_club"}
        )
    parts = {"value": "membres", "plus": ["zones_couvertes", "ateliers"]}
    head.post(f"{at('control-new', pk=draft.pk)}?nature=parts", parts)
    kept, address = written(draft), at("control", pk=draft.pk, rank=1)
    assert kept.controls[1].plus == ("zones_couvertes", "ateliers")
    assert (
        head.post(
            address, {**sent_back(head.get(address), "plus"), "plus": ["zones_couvertes", "ateliers"]}
        ).status_code
        == 302
    )
    assert written(draft) == kept


def test_answers_written_for_a_question_that_is_no_longer_a_choice_are_shown_before_they_go(head, draft):
    here = at("ask-new", pk=draft.pk, part_code="votre_club")
    head.post(here, {"label": "Secteurs", "kind": "choices", "options": "Bâtiment\nPropreté", "part": "votre_club"})
    address = at("ask", pk=draft.pk, code="secteurs")
    opened = head.get(address)
    longer = "Bâtiment [batiment]\r\nPropreté [proprete]\r\nEspaces verts"
    head.post(address, sent_back(opened, "label", options=longer))
    conflict = head.post(address, sent_back(opened, "label", kind="text"))
    assert conflict.status_code == 409
    assert "Espaces verts" in said_of(conflict, "Réponses possibles")[0]
    assert len(written(draft).ask("secteurs").options) == 3


def test_a_condition_whose_question_went_meanwhile_is_refused_and_not_forgotten(head, draft):
    here = at("ask-new", pk=draft.pk, part_code="votre_club")
    head.post(here, {"label": "Avez-vous un club", "kind": "yes_no", "part": "votre_club"})
    head.post(here, {"label": "Depuis quand", "kind": "line", "part": "votre_club"})
    address = at("ask", pk=draft.pk, code="depuis_quand")
    opened = head.get(address)
    act(head, draft.pk, "retirer", "question:avez_vous_un_club")
    assert head.post(address, sent_back(opened, "label", when=["avez_vous_un_club=yes"])).status_code == 422


@pytest.mark.parametrize(
    ("name", "known", "gone"),
    [
        ("part", {"code": "votre_club"}, "partie:votre_club"),
        ("ask", {"code": "dont_artisans"}, "question:dont_artisans"),
    ],
)
def test_a_piece_taken_away_from_another_window_gives_back_what_was_typed(name, known, gone, head, draft):
    act(head, draft.pk, "retirer", "controle:0")
    address, box = at(name, pk=draft.pk, **known), "title" if name == "part" else "label"
    opened = head.get(address)
    act(head, draft.pk, "retirer", gone)
    told = text(head.post(address, sent_back(opened, box, **{box: "Des mots longs à trouver"}), follow=True))
    assert "retirée du brouillon, depuis une autre fenêtre" in told
    assert "Des mots longs à trouver" in told


def test_a_draft_published_from_another_window_gives_back_what_was_typed(head, draft):
    address = at("ask", pk=draft.pk, code="membres")
    opened = head.get(address)
    act(head, draft.pk, "publier")
    late = head.post(address, sent_back(opened, "label", label="Des mots longs à trouver"))
    assert late.status_code == 422
    assert "Des mots longs à trouver" in text(late)
    assert head.get(address).status_code == 404
