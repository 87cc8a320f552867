"""Needs, findings, and what is made of them in the other rooms."""

import pytest
from django.http import Http404

from dentelle.network.governance.actions.concerns import Words, withdraw
from dentelle.network.governance.models import Concern
from dentelle.network.practices.models import Practice
from dentelle.network.practices.sheet import sheet_of
from dentelle.network.tour.actions import learning
from dentelle.network.tour.models import Finding, Need
from dentelle.network.tour.queries import findings_cited_by
from dentelle.network.tour.queries.fates import fates_of
from dentelle.network.tour.queries.voices import across, by_theme
from dentelle.network.tour.refusals import TourRefused
from dentelle.rules.wording import day as in_full
from tests.factories import NOW, MembershipFactory, NetworkSeatFactory, StructureFactory
from tests.network.governance import making as governance
from tests.network.tour import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def member(seat):
    return MembershipFactory(facilitator=True, structure=StructureFactory())


@pytest.fixture
def held(seat):
    return making.stage(seat, state="held", days=-1)


def test_a_need_keeps_the_words_and_the_kind_of_who_said_it(member, held):
    need = learning.note_need(member, held.pk, kind="buyer", words="  Des exemples.  ", theme="upstream", at=NOW)
    assert (need.words, need.kind, need.theme, need.structure) == (
        "Des exemples.",
        "buyer",
        "upstream",
        member.structure,
    )


def test_a_need_is_noted_in_the_room_not_before_nor_once_all_is_told(seat, member):
    for stage in (making.stage(seat), making.stage(seat, state="reported", days=-9)):
        with pytest.raises(TourRefused):
            learning.note_need(member, stage.pk, kind="buyer", words="Des exemples.", at=NOW)


@pytest.mark.parametrize("words", ["", "   ", "Madame 2 84 05 79 049 012 35 attend une place"])
def test_a_need_without_words_or_with_a_number_of_social_security_is_refused(member, held, words):
    with pytest.raises(TourRefused):
        learning.note_need(member, held.pk, kind="buyer", words=words, at=NOW)
    assert not Need.objects.exists()


@pytest.mark.parametrize("role", ["reader", "auditor", "elected_official"])
def test_who_only_reads_notes_nothing(seat, held, role):
    with pytest.raises(Http404):
        learning.note_need(MembershipFactory(role=role), held.pk, kind="buyer", words="Rien", at=NOW)


def test_a_need_is_taken_back_by_who_noted_it_or_by_the_head(seat, member, held):
    other = MembershipFactory(facilitator=True)
    for remover in (member, seat):
        need = learning.note_need(member, held.pk, kind="buyer", words="Des exemples.", at=NOW)
        with pytest.raises(Http404):
            learning.withdraw_need(other, need.pk, at=NOW)
        learning.withdraw_need(remover, need.pk, at=NOW)
    assert not Need.objects.exists()


def test_a_finding_rests_on_needs_of_its_own_stage(seat, held):
    own, other = making.need(held), making.need(making.stage(seat, state="held", days=-2))
    made = learning.state_finding(seat, held.pk, text="Il manque des exemples.", needs=[own.pk, other.pk], at=NOW)
    assert list(made.needs.all()) == [own]


def test_a_sheet_begins_from_a_finding_once_per_structure_and_says_which_stage(seat, member, held):
    finding = making.finding(held, theme="upstream")
    finding.needs.add(making.need(held, "Être appelés plus tôt."))
    sheet = learning.begin_sheet(member, finding.pk, at=NOW)
    assert learning.begin_sheet(member, finding.pk, at=NOW) == sheet
    own = learning.begin_sheet(seat, finding.pk, at=NOW)
    assert Practice.objects.count() == 2
    content = sheet.versions.get().content
    assert (content["themes"], content["place"], content["host"]) == (["upstream"], "region:32", member.structure.name)
    assert "Être appelés plus tôt." in content["starting_point"]
    assert sheet_of(member, sheet, today=making.TODAY).may_edit
    [fate] = fates_of([finding], member)
    assert (fate.sheets, fate.published, fate.hidden_sheets) == (2, 0, 1)
    assert [outcome.url for outcome in fate.outcomes] == [f"/pratiques/{sheet.pk}"]
    [fate] = fates_of([finding], seat)
    assert f"/pratiques-du-reseau/{own.pk}" in [outcome.url for outcome in fate.outcomes]


def test_an_official_makes_a_finding_their_concern_and_the_finding_says_so(seat, member, held):
    finding = making.finding(held)
    governance.mandate(seat)
    official = governance.official(member.structure)
    concern = learning.carry(official, finding.pk, Words("Chez nous aussi.", ["commune:79049"]), at=NOW)
    assert list(finding.concerns.all()) == [concern]
    [fate] = fates_of([finding], official)
    assert [outcome.url for outcome in fate.outcomes] == [f"/gouvernance/preoccupations/{concern.pk}/"]
    stranger = MembershipFactory(facilitator=True)
    [fate] = fates_of([finding], stranger)
    assert (fate.concerns, fate.hidden_concerns, fate.outcomes) == (1, 1, ())


def test_a_concern_its_author_took_back_no_longer_counts(seat, member, held):
    finding = making.finding(held)
    governance.mandate(seat)
    official = governance.official(member.structure)
    concern = learning.carry(official, finding.pk, Words("Chez nous aussi.", []), at=NOW)
    withdraw(official, concern.pk, at=NOW)
    [fate] = fates_of([finding], seat)
    assert (fate.concerns, fate.outcomes) == (0, ())


def test_only_an_official_carries_a_finding(member, held):
    with pytest.raises(Http404):
        learning.carry(member, making.finding(held).pk, Words("Moi aussi.", []), at=NOW)
    assert not Concern.objects.exists()


def test_a_finding_something_came_of_is_not_taken_back(seat, member, held):
    kept, free = making.finding(held), making.finding(held, "Autre constat.")
    learning.begin_sheet(member, kept.pk, at=NOW)
    with pytest.raises(TourRefused):
        learning.withdraw_finding(seat, kept.pk, at=NOW)
    learning.withdraw_finding(seat, free.pk, at=NOW)
    assert list(Finding.objects.all()) == [kept]


def test_needs_are_counted_kinds_across_themes_and_add_up():
    table = across([("buyer", "upstream"), ("buyer", "upstream"), ("siae", "training"), ("siae", "")])
    assert table.themes == ("Insertion en amont de l’achat", "Formation dans les parcours", "Sans thème")
    assert table.rows == (("Acheteur, donneur d’ordre", (2, 0, 0), 2), ("Structure d’insertion", (0, 1, 1), 2))
    assert (table.totals, table.total) == ((2, 1, 1), 4)
    assert across([]).rows == ()


def test_a_line_of_the_table_of_needs_says_what_each_of_its_figures_counts():
    table = across([("buyer", "upstream"), ("siae", "training"), ("siae", "")])
    said = {label: dict(counts) for label, counts, _ in table.lines}["Structure d’insertion"]
    assert said == {"Insertion en amont de l’achat": 0, "Formation dans les parcours": 1, "Sans thème": 1}


def test_needs_by_theme_begin_with_the_most_spoken_of(held):
    for theme in ("", "training", "upstream", "upstream"):
        making.need(held, theme=theme)
    assert [(group.code, len(group.needs)) for group in by_theme(held.needs.all())] == [
        ("upstream", 2),
        ("training", 1),
        ("", 1),
    ]


PERSONAL = "M. Éric Lefèvre (06 12 34 56 78, e.lefevre@btp.example) veut être rappelé"
MASKED = "M. [nom masqué] ([téléphone masqué], [adresse masquée]) veut être rappelé"


def test_what_tells_who_somebody_is_is_never_kept(seat, member, held):
    need = learning.note_need(member, held.pk, kind="company", words=PERSONAL, at=NOW)
    finding = learning.state_finding(seat, held.pk, text=PERSONAL, at=NOW)
    stage = learning.report(seat, held.pk, PERSONAL, at=NOW)
    assert (need.words, finding.text, stage.lessons) == (MASKED, MASKED, MASKED)


def test_words_that_name_somebody_go_even_once_the_stage_is_told(seat, member):
    told = making.stage(seat, state="reported", days=-9)
    need = making.need(told, "Éric du chantier veut être rappelé", noted_by=member.user, structure=member.structure)
    with pytest.raises(Http404):
        learning.withdraw_need(MembershipFactory(facilitator=True), need.pk, names_somebody=True, at=NOW)
    with pytest.raises(TourRefused):
        learning.withdraw_need(seat, need.pk, at=NOW)
    learning.withdraw_need(member, need.pk, names_somebody=True, at=NOW)
    need.refresh_from_db()
    assert (need.words, need.withdrawn_on, need.kind) == ("", making.TODAY, "buyer")


def test_a_finding_that_names_somebody_loses_its_words_and_keeps_what_came_of_it(seat, member, held):
    finding = making.finding(held, "Éric du chantier a tout vu.")
    sheet = learning.begin_sheet(member, finding.pk, at=NOW)
    with pytest.raises(TourRefused):
        learning.withdraw_finding(seat, finding.pk, at=NOW)
    learning.withdraw_finding(seat, finding.pk, names_somebody=True, at=NOW)
    finding.refresh_from_db()
    assert (finding.text, finding.told) == ("", "Constat retiré le " + in_full(making.TODAY))
    assert list(learning.sheets_of(finding)) == [sheet]
    assert not findings_cited_by(seat.network)
    assert [each.text for each in findings_cited_by(seat.network, [finding.pk])] == [finding.told]
    with pytest.raises(TourRefused):
        learning.begin_sheet(seat, finding.pk, at=NOW)
