"""Decisions on axes: their day, their correction, and what authors read of them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dentelle.foundations.messages.models import Message
from dentelle.network.governance.actions import axes, sessions
from dentelle.network.governance.actions.axes import Draft, Ruling
from dentelle.network.governance.awaited import awaits
from dentelle.network.governance.models import ConcernState, Erratum, NewsKind
from dentelle.network.governance.queries.concerns import concern_sheet
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.rules.wording import day
from tests.factories import NOW, MembershipFactory
from tests.network.governance import making

pytestmark = pytest.mark.django_db
PROPOSED, DECIDED = date(2026, 11, 2), date(2026, 11, 12)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def author():
    return making.official()


@pytest.fixture
def seat(author):
    return making.head_of(author)


@pytest.fixture
def board(seat):
    return making.body(seat)


@pytest.fixture
def written(author):
    return making.concern(author)


@pytest.fixture
def axis(seat, board, written):
    made = making.axis(seat, making.gathered(seat, written), on=PROPOSED)
    return making.validated(seat, made, board, on=DECIDED)


def ruling(board, **changed) -> Ruling:
    return Ruling(**{"validated": True, "body": board, "decided_on": DECIDED, "decision": "Adopté"} | changed)


def correct(seat, axis, ruled, number=1, reason="Mal recopié"):
    return axes.correct_decision(seat, axis.pk, number, ruled, reason=reason, at=LATER)


def main_of(person, name, *args) -> str:
    client = Client()
    client.force_login(person.user)
    answer = client.get(reverse(f"governance:{name}", args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().partition("<main")[2].split())


def test_a_decision_before_its_proposal_is_refused(seat, board):
    axis = making.axis(seat, on=PROPOSED)
    with pytest.raises(GovernanceRefused, match="proposée le 02/11/2026\u00a0: la décision ne peut pas la précéder"):
        making.validated(seat, axis, board, on=PROPOSED - timedelta(days=1))
    making.validated(seat, axis, board, on=PROPOSED)


def test_an_axis_proposed_before_it_is_written_here_keeps_its_day(seat):
    axis = making.axis(seat, on=PROPOSED)
    assert axis.versions.get().proposed_at.date() == PROPOSED
    for wrong in (making.STARTED - timedelta(days=1), making.today() + timedelta(days=1)):
        with pytest.raises(GovernanceRefused, match="un jour de « Mandat 2026-2032 »"):
            making.axis(seat, name=f"Autre {wrong}", on=wrong)


def test_a_version_is_proposed_after_the_decision_on_the_one_before(seat, axis):
    draft = Draft("Mobilités", "Autrement.", [], reason="Deux ans", proposed_on=DECIDED - timedelta(days=1))
    with pytest.raises(GovernanceRefused, match="après la dernière décision"):
        axes.propose_version(seat, axis.pk, draft, at=LATER)


def test_a_decision_is_corrected_with_its_reason_and_its_former_words_kept(author, seat, board, axis, written):
    correct(seat, axis, ruling(board, decided_on=date(2026, 11, 10), decision="Adopté, délibération 12"))
    axis.refresh_from_db()
    assert axis.validated_on == date(2026, 11, 10)
    kept = Erratum.objects.get()
    assert (kept.reason, "12/11/2026" in kept.before, "délibération 12" in kept.after) == ("Mal recopié", True, True)
    shown = main_of(seat, "axis", axis.pk)
    assert "Décision sur un axe corrigée le" in shown
    assert "validé, Conseil d’administration, 12/11/2026" in shown
    assert "Mal recopié" not in main_of(MembershipFactory(manager=True), "axis", axis.pk)


def test_the_author_reads_the_corrected_decision_and_is_told(author, seat, board, axis, written):
    correct(seat, axis, ruling(board, decided_on=date(2026, 11, 10), decision="Adopté, délibération 12"))
    ruled, corrected = concern_sheet(author, written.pk).news[-2:]
    assert ruled.words == corrected.words == "Adopté, délibération 12"
    assert f"le {day(date(2026, 11, 10))}" in ruled.sentence
    assert "est corrigée\u00a0: il est validé par le conseil d’administration" in corrected.sentence
    assert "délibération 12" in Message.objects.get(user=author.user, subject__startswith="La décision sur un axe").text


def test_a_validation_written_by_mistake_is_taken_back(author, seat, board, axis, written):
    assert written.news.filter(kind=NewsKind.AXIS_VALIDATED).exists()
    correct(seat, axis, ruling(board, validated=False, decision="À retravailler"))
    axis.refresh_from_db()
    written.refresh_from_db()
    assert (axis.version, axis.validated_on, written.state) == (0, None, ConcernState.GATHERED)
    assert not written.news.filter(kind=NewsKind.AXIS_VALIDATED).exists()
    assert "n’est pas validé" in concern_sheet(author, written.pk).news[-1].sentence
    correct(seat, axis, ruling(board))
    axis.refresh_from_db()
    written.refresh_from_db()
    assert (axis.version, written.state) == (1, ConcernState.CARRIED)


def test_the_version_before_is_in_force_again_when_a_validation_is_taken_back(seat, board, axis):
    axes.propose_version(seat, axis.pk, Draft("Mobilités", "Autrement.", [], reason="Deux ans"), at=NOW)
    making.validated(seat, axis, board)
    correct(seat, axis, ruling(board, validated=False, decided_on=making.today()), number=2)
    axis.refresh_from_db()
    assert (axis.name, axis.version, axis.validated_on) == ("Mobilité", 1, DECIDED)


def test_an_outcome_something_followed_stays_but_its_date_and_words_change(seat, board, axis):
    axes.propose_version(seat, axis.pk, Draft("Mobilités", "Autrement.", [], reason="Deux ans"), at=NOW)
    with pytest.raises(GovernanceRefused, match="l’issue de cette décision ne change plus"):
        correct(seat, axis, ruling(board, validated=False))
    with pytest.raises(GovernanceRefused, match="La version suivante a été proposée"):
        axes.correct_decision(
            seat,
            axis.pk,
            1,
            ruling(board, decided_on=making.today() + timedelta(days=1)),
            reason="Oui",
            at=NOW + timedelta(days=2),
        )
    assert correct(seat, axis, ruling(board, decision="Adopté à l’unanimité")).decision == "Adopté à l’unanimité"


def test_a_correction_asks_for_its_reason_a_change_and_a_decision(seat, board, axis):
    with pytest.raises(GovernanceRefused, match="Dites pourquoi"):
        correct(seat, axis, ruling(board, decision="Autre"), reason=" ")
    with pytest.raises(GovernanceRefused, match="Rien ne change"):
        correct(seat, axis, ruling(board))
    with pytest.raises(GovernanceRefused, match="ne peut pas la précéder"):
        correct(seat, axis, ruling(board, decided_on=PROPOSED - timedelta(days=1)))
    with pytest.raises(Http404):
        correct(seat, axis, ruling(board), number=2)
    assert not Erratum.objects.exists()


def test_the_head_corrects_a_decision_on_its_page(seat, board, axis):
    client = Client()
    client.force_login(seat.user)
    address = reverse("governance:axis-correct", args=[axis.pk, 1])
    assert "Corriger la décision" in main_of(seat, "axis-correct", axis.pk, 1)
    typed = {"validated": "oui", "body": board.pk, "decided_on": "2026-11-10", "decision": "Adopté"}
    assert client.post(address, typed).status_code == 422
    assert client.post(address, {**typed, "reason": "Mauvais jour"})["Location"] == reverse(
        "governance:axis", args=[axis.pk]
    )
    axis.refresh_from_db()
    assert axis.validated_on == date(2026, 11, 10)
    assert client.get(reverse("governance:axis-correct", args=[axis.pk, 9])).status_code == 404


def test_a_session_says_which_axes_were_decided_there(author, seat, board):
    meeting = making.session(seat, board)
    made = making.axis(seat, on=PROPOSED)
    when = making.today() - timedelta(days=1)
    decided = {"validated": True, "body": board, "decided_on": when, "decision": "Adopté"}
    axes.decide(seat, made.pk, **decided, session=meeting, at=NOW)
    shown = main_of(author, "session", meeting.pk).partition("Axes décidés dans cette séance")[2]
    assert reverse("governance:axis", args=[made.pk]) in shown
    assert "Mobilité</a>, validé" in shown
    elsewhere = making.session(seat, board, ago=5)
    assert "Axes décidés" not in main_of(author, "session", elsewhere.pk)


def test_an_axis_awaiting_a_decision_is_put_on_an_agenda_and_decided_from_it(author, seat, board):
    meeting = making.session(seat, board)
    made = making.axis(seat, on=PROPOSED)
    version = made.versions.get()
    link = f"{reverse('governance:session', args=[meeting.pk])}?axe={version.pk}#ajouter-point"
    assert link in main_of(seat, "axis", made.pk)
    client = Client()
    client.force_login(seat.user)
    asked = client.get(link.partition("#")[0]).content.decode()
    assert f'<option value="{version.pk}" selected>' in asked
    client.post(reverse("governance:session-act", args=[meeting.pk, "point"]), {"version": version.pk})
    point = meeting.items.get()
    assert (point.version, point.title) == (version, "Axe à faire valider\u00a0: Mobilité")
    shown = main_of(seat, "session", meeting.pk)
    assert "enregistrer la décision" in shown
    assert f'<option value="{version.pk}"' not in shown
    assert "enregistrer la décision" not in main_of(author, "session", meeting.pk)
    axis_page = main_of(seat, "axis", made.pk)
    assert "À l’ordre du jour" in axis_page
    assert link not in axis_page
    assert f'<option value="{meeting.pk}" selected>' in axis_page
    assert "Aucune décision n’est enregistrée sur cet axe." in main_of(seat, "session-hold", meeting.pk)


def test_an_agenda_takes_only_an_axis_its_body_may_decide_once(seat, board):
    version = making.axis(seat).versions.get()
    group = making.session(seat, making.body(seat, "working_group", "Groupe"))
    meeting = making.session(seat, board)
    for where, key in ((group, version.pk), (meeting, 987654)):
        with pytest.raises(GovernanceRefused, match="n’attend plus de décision ici"):
            sessions.add_item(seat, where.pk, title="Axe", concerns=[], version=key, at=NOW)
    point = sessions.add_item(seat, meeting.pk, title="Axe", concerns=[], version=version.pk, at=NOW)
    with pytest.raises(GovernanceRefused, match="déjà à l’ordre du jour"):
        sessions.add_item(seat, meeting.pk, title="Encore", concerns=[], version=version.pk, at=NOW)
    sessions.change_item(seat, meeting.pk, point.pk, title="Axe", concerns=[], version=version.pk, at=NOW)
    sessions.change_item(seat, meeting.pk, point.pk, title="Axe", concerns=[], at=NOW)
    assert meeting.items.get().version is None


def test_the_day_of_the_head_says_whether_an_axis_is_on_an_agenda(seat, board):
    version = making.axis(seat).versions.get()
    [line] = [each for each in awaits(seat, NOW) if each.kind == "axis.to_decide"]
    assert "n’est à l’ordre du jour d’aucune séance à venir" in line.sentence
    coming = making.session(seat, board, ago=-10)
    sessions.add_item(seat, coming.pk, title="", concerns=[], version=version.pk, at=NOW)
    [line] = [each for each in awaits(seat, NOW) if each.kind == "axis.to_decide"]
    assert f"à l’ordre du jour du {day(coming.starts_at.date())}" in line.sentence


def test_a_session_costs_the_same_whatever_the_axes_on_its_agenda(seat, board):
    meeting = making.session(seat, board)
    client, spent = Client(), []
    client.force_login(seat.user)
    for rank in range(5):
        made = making.axis(seat, name=f"Axe {rank}", on=PROPOSED)
        sessions.add_item(seat, meeting.pk, title="", concerns=[], version=made.versions.get().pk, at=NOW)
        when = making.today() - timedelta(days=1)
        decided = {"validated": True, "body": board, "decided_on": when, "decision": "Adopté"}
        axes.decide(seat, made.pk, **decided, session=meeting, at=NOW)
        making.axis(seat, name=f"Autre {rank}")
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("governance:session", args=[meeting.pk]))
        spent.append(len(captured))
    assert spent[1] == spent[-1]
