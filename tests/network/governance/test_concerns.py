"""Officials write, people gather, each author learns what became of their words."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.http import Http404
from django.urls import reverse

from dentelle.foundations.messages.models import Message
from dentelle.network.governance import access, awaited
from dentelle.network.governance.actions import axes, concerns, offices, sessions
from dentelle.network.governance.actions.concerns import Words
from dentelle.network.governance.models import Concern, ConcernNews, ConcernState, Mandate, NewsKind
from dentelle.network.governance.queries.concerns import Filters, concern_sheet, list_concerns, to_gather
from dentelle.network.governance.queries.sessions import session_sheet
from dentelle.network.governance.refusals import GovernanceRefused
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.governance import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return making.official(user__full_name="Henri Sorin")


@pytest.fixture
def seat(author):
    return making.head_of(author)


def news_of(concern):
    return list(concern.news.order_by("pk").values_list("kind", flat=True))


def handed_over(seat, on=date(2026, 12, 15)):
    """The next mandate, prepared ahead."""
    change = offices.Handover("Mandat suivant", on, on - timedelta(days=1), [], [])
    return offices.hand_over(seat, change, at=NOW)


def test_a_concern_is_tied_to_the_mandate_of_the_day_even_after_a_handover(author, seat):
    written = making.concern(author)
    former = written.mandate
    following = handed_over(seat)
    written.refresh_from_db()
    assert written.mandate == former
    last = datetime(2026, 12, 14, 22, 30, tzinfo=UTC)  # 23:30 in Paris
    assert making.concern(author, "La veille", at=last).mandate == former
    assert making.concern(author, "Le jour même", at=last + timedelta(hours=1)).mandate == following


def test_a_concern_left_by_the_former_mandate_waits_for_the_head_with_its_mandate_said(author, seat):
    written = making.concern(author)
    handed_over(seat)
    after = datetime(2026, 12, 20, 9, tzinfo=UTC)
    [line] = [each for each in awaited.awaits(seat, after) if each.kind == "concern.to_gather"]
    assert line.about == written.mandate.name
    [row] = to_gather(seat)
    assert (row.pk, row.mandate) == (written.pk, written.mandate.name)
    theme = concerns.open_theme(seat, name="Transports", summary="", at=after, mandate=written.mandate)
    concerns.gather(seat, [written.pk], theme.pk, at=after)
    meeting = sessions.plan_session(seat, making.body(seat), starts_at=after, place="", at=after)
    assert [each.pk for each in session_sheet(seat, meeting.pk, at=after).to_discuss] == [written.pk]


def test_two_themes_of_a_mandate_do_not_differ_by_case_or_accents_alone(author, seat):
    making.theme(seat, "Mobilité")
    with pytest.raises(GovernanceRefused, match="déjà un thème « Mobilité »"):
        making.theme(seat, "mobilite")


def test_without_a_mandate_nobody_writes_and_the_reason_is_said(author):
    with pytest.raises(GovernanceRefused, match="mandat en cours"):
        concerns.write_concern(author, Words("Un mot", []), at=NOW)


@pytest.mark.parametrize("role", ["facilitator", "manager", "reader", "auditor", "pathway_advisor"])
def test_only_an_elected_official_writes(role, author, seat):
    making.mandate(seat)
    other = MembershipFactory(structure=author.structure, role=role)
    with pytest.raises(Http404):
        concerns.write_concern(other, Words("Un mot", []), at=NOW)
    assert not Concern.objects.exists()


def test_gathering_keeps_every_concern_and_its_words(author, seat):
    first, second = making.concern(author, "Pas de bus"), making.concern(making.official(), "Pas de train")
    theme = making.gathered(seat, first, second)
    kept = Concern.objects.order_by("pk").values_list("text", "theme", "state")
    assert list(kept) == [("Pas de bus", theme.pk, "gathered"), ("Pas de train", theme.pk, "gathered")]
    assert news_of(first) == [NewsKind.GATHERED]


def test_gathering_twice_under_the_same_theme_tells_its_author_once(author, seat):
    written = making.concern(author)
    theme = making.gathered(seat, written)
    assert concerns.gather(seat, [written.pk], theme.pk, at=NOW) == 0
    assert news_of(written) == [NewsKind.GATHERED]


def test_a_concern_does_not_go_under_a_theme_of_another_mandate(author, seat):
    written = making.concern(author)
    following = handed_over(seat)
    theme = concerns.open_theme(seat, name="Nouveau", summary="", at=NOW, mandate=following)
    with pytest.raises(GovernanceRefused, match="reste à son mandat"):
        concerns.gather(seat, [written.pk], theme.pk, at=NOW)


def test_other_members_read_it_once_gathered_without_the_name_of_its_author(author, seat):
    neighbour = MembershipFactory(manager=True)
    written = making.concern(author)
    assert not access.concerns_visible_to(neighbour).exists()
    making.gathered(seat, written)
    [row] = list_concerns(neighbour, Filters()).rows
    assert (row.text, row.author) == (written.text, "")


def test_an_author_who_allows_it_is_named_to_the_other_members(author, seat):
    written = making.concern(author, shows_name=True)
    making.gathered(seat, written)
    [row] = list_concerns(MembershipFactory(manager=True), Filters()).rows
    assert row.author == "Henri Sorin"


def test_people_of_another_network_read_nothing(author, seat):
    written = making.concern(author, shows_name=True)
    making.gathered(seat, written)
    elsewhere = NetworkFactory(name="Autre réseau")
    stranger = MembershipFactory(structure=StructureFactory(network=elsewhere), manager=True)
    for viewer in (stranger, NetworkSeatFactory(network=elsewhere)):
        assert not access.concerns_visible_to(viewer).exists()
        with pytest.raises(Http404):
            concern_sheet(viewer, written.pk)


def test_withdrawing_erases_the_words_and_keeps_the_fact(author, seat):
    written = making.concern(author, evidence="Un chiffre")
    making.gathered(seat, written)
    concerns.withdraw(author, written.pk, at=NOW)
    written.refresh_from_db()
    assert (written.state, written.text, written.evidence) == (ConcernState.WITHDRAWN, "", "")
    assert not access.concerns_visible_to(seat).exists()
    assert access.concerns_visible_to(author).exists()


def test_words_an_axis_stands_on_are_no_longer_withdrawn(author, seat):
    written = making.concern(author)
    making.validated(seat, making.axis(seat, making.gathered(seat, written)))
    with pytest.raises(GovernanceRefused, match="s’appuie déjà"):
        concerns.withdraw(author, written.pk, at=NOW)


def test_a_colleague_does_not_withdraw_somebody_elses_concern(author, seat):
    written = making.concern(author)
    with pytest.raises(Http404):
        concerns.withdraw(making.official(author.structure), written.pk, at=NOW)


def test_its_author_follows_it_from_theme_to_decision(author, seat):
    written = making.concern(author)
    axis = making.validated(seat, making.axis(seat, making.gathered(seat, written)))
    group = making.body(seat, "working_group", "Groupe mobilité", axis)
    meeting = making.session(seat, group)
    sessions.add_item(seat, meeting.pk, title="Horaires des bus", concerns=[written.pk], at=NOW)
    sessions.decide_in_session(seat, meeting.pk, text="Saisir la région", concerns=[written.pk], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    written.refresh_from_db()
    assert written.state == ConcernState.ANSWERED
    assert news_of(written) == ["gathered", "axis_proposed", "axis_validated", "decided"]
    told = concern_sheet(author, written.pk).news[-1]
    assert (told.words, told.session) == ("Saisir la région", meeting.pk)
    assert (
        "Saisir la région"
        in Message.objects.get(subject__contains="suivie d’une décision", text__contains="Saisir").text
    )


def test_a_concern_discussed_without_decision_is_told_so(author, seat):
    written = making.concern(author)
    making.gathered(seat, written)
    meeting = making.session(seat, making.body(seat))
    sessions.add_item(seat, meeting.pk, title="Horaires", concerns=[written.pk], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    assert news_of(written) == [NewsKind.GATHERED, NewsKind.DISCUSSED]


def test_a_concern_a_decision_followed_is_discussed_again_its_group_s_first_and_its_author_is_told(author, seat):
    decided, other, aside = (making.concern(author, text) for text in ("Le dernier car", "La piscine", "Le bruit"))
    axis = making.axis(seat, making.gathered(seat, decided, aside))
    making.gathered(seat, other, name="Accueil")
    concerns.set_aside(seat, aside.pk, reason="Du ressort de la région", at=NOW)
    group = making.body(seat, "working_group", "Groupe mobilité", axis)
    first = making.session(seat, group, ago=10)
    sessions.add_item(seat, first.pk, title="Navette", concerns=[decided.pk], at=NOW)
    sessions.decide_in_session(seat, first.pk, text="Essayer une navette", concerns=[decided.pk], at=NOW)
    sessions.hold(seat, first.pk, at=NOW)
    again = making.session(seat, group)
    assert [row.text for row in session_sheet(seat, again.pk, at=NOW).to_discuss] == ["Le dernier car", "La piscine"]
    elsewhere = making.session(seat, making.body(seat))
    offered = [row.text for row in session_sheet(seat, elsewhere.pk, at=NOW).to_discuss]
    assert offered == ["La piscine", "Le dernier car"]
    item = sessions.add_item(seat, again.pk, title="L’essai", concerns=[decided.pk, aside.pk], at=NOW)
    assert list(item.concerns.all()) == [decided]
    sessions.decide_in_session(seat, again.pk, text="La navette continue", concerns=[decided.pk], at=NOW)
    sessions.hold(seat, again.pk, at=NOW)
    decided.refresh_from_db()
    assert decided.state == ConcernState.ANSWERED
    assert [told.words for told in concern_sheet(author, decided.pk).news][-2:] == [
        "Essayer une navette",
        "La navette continue",
    ]


def test_one_set_aside_comes_with_its_reason_by_e_mail_too(author, seat):
    written = making.concern(author)
    with pytest.raises(GovernanceRefused, match="raison"):
        concerns.set_aside(seat, written.pk, reason="  ", at=NOW)
    concerns.set_aside(seat, written.pk, reason="Du ressort de la région", at=NOW)
    assert "Du ressort de la région" in Message.objects.get(user=author.user).text
    with pytest.raises(GovernanceRefused):
        concerns.set_aside(seat, written.pk, reason="Encore", at=NOW)


def test_an_axis_refused_leaves_its_concerns_gathered_and_says_so(author, seat):
    written = making.concern(author)
    axis = making.axis(seat, making.gathered(seat, written))
    board = making.body(seat)
    axes.decide(
        seat,
        axis.pk,
        validated=False,
        body=board,
        decided_on=making.today(),
        decision="À retravailler",
        session=None,
        at=NOW,
    )
    written.refresh_from_db()
    assert (written.state, news_of(written)[-1]) == (ConcernState.GATHERED, NewsKind.AXIS_REFUSED)


def test_a_list_costs_the_same_at_any_length(author, seat, assert_max_queries):
    for rank in range(25):
        making.concern(author, f"Préoccupation {rank}", at=NOW + timedelta(minutes=rank))
    with assert_max_queries(3):
        page = list_concerns(seat, Filters(), size=20)
    assert (len(page.rows), page.total) == (20, 25)
    following = list_concerns(seat, Filters(), after=page.after, size=20)
    assert [row.text for row in following.rows] == [f"Préoccupation {rank}" for rank in (4, 3, 2, 1, 0)]
    assert following.after is None


def test_a_network_has_one_open_mandate(seat):
    making.mandate(seat)
    with pytest.raises(GovernanceRefused, match="n’est pas clos"):
        offices.open_mandate(seat, name="Deuxième", starts_on=making.today(), at=NOW)
    assert Mandate.objects.count() == 1


def told_of(member, at=NOW):
    return [line for line in awaited.member_awaits(member, at) if line.kind == "concern.told"]


def test_the_day_of_an_official_says_what_became_of_a_concern_until_they_read_it(author, seat):
    written = making.concern(author)
    making.concern(author, "Rien encore")
    axis = making.axis(seat, making.gathered(seat, written))
    making.validated(seat, axis)
    [line] = told_of(author)
    assert "est validé par le conseil d’administration" in line.sentence
    assert (line.in_charge, line.subject) == (author.user_id, "Les bus s’arrêtent à 18 h.")
    assert concern_sheet(author, written.pk).may_mark_read
    assert not concern_sheet(seat, written.pk).may_mark_read
    assert concerns.mark_read(author, written.pk, at=NOW) == 3
    assert not told_of(author)
    concerns.set_aside(seat, written.pk, reason="Du ressort de la région", at=NOW + timedelta(hours=1))
    [line] = told_of(author)
    assert line.since == making.today()


def test_what_became_of_a_concern_is_read_by_its_author_alone(author, seat):
    written = making.concern(author)
    making.gathered(seat, written)
    beside = making.official(author.structure)
    with pytest.raises(Http404):
        concerns.mark_read(beside, written.pk, at=NOW)
    assert [line.in_charge for line in told_of(beside)] == [author.user_id]
    assert not told_of(MembershipFactory(structure=author.structure, manager=True))


def test_a_concern_taken_back_no_longer_waits_to_be_read(author, seat):
    written = making.concern(author)
    making.gathered(seat, written)
    concerns.withdraw(author, written.pk, at=NOW)
    assert not told_of(author)


def test_a_button_on_the_page_of_a_concern_says_it_is_read(author, seat, client):
    written = making.concern(author)
    making.gathered(seat, written)
    client.force_login(author.user)
    shown = client.get(reverse("governance:concern", args=[written.pk])).content.decode()
    assert "<strong>nouveau</strong>" in shown
    assert "C’est lu" in shown
    client.post(reverse("governance:read", args=[written.pk]))
    shown = client.get(reverse("governance:concern", args=[written.pk])).content.decode()
    assert "nouveau</strong>" not in shown
    assert "C’est lu" not in shown


def test_what_was_told_before_is_read_and_names_its_version(author, seat):
    written = making.concern(author)
    axis = making.axis(seat, making.gathered(seat, written))
    making.validated(seat, axis)
    ConcernNews.objects.update(version=None, read_at=None)
    moved = import_module("dentelle.network.governance.migrations.0005_axis_corrections_agenda_read_marks")
    moved.tie_news_to_versions(apps, None)
    moved.mark_former_news_read(apps, None)
    version = axis.versions.get()
    news = written.news.order_by("pk")
    assert [each.version for each in news] == [None, version, version]
    assert all(each.read_at == each.at for each in news)
