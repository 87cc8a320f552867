"""The pages: what each person finds and does there, through the doors."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Coverage
from dentelle.network.governance import places
from dentelle.network.governance.actions import axes, sessions
from dentelle.network.governance.actions.axes import Draft
from dentelle.network.governance.models import (
    Attendance,
    Axis,
    Body,
    Concern,
    ConcernNews,
    Decision,
    Office,
    Session,
    SessionDocument,
    Theme,
)
from dentelle.network.governance.queries.bodies import committees_of
from dentelle.network.governance.queries.sessions import session_sheet
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.opendata.text import fold
from dentelle.rules.wording import day
from dentelle.web.templatetags.dentelle import prose_date
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.governance import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_ground")]


@pytest.fixture
def the_ground(settings, ground_directory):
    settings.DENTELLE_GROUND = ground_directory


@pytest.fixture
def author():
    structure = StructureFactory(name="Communauté de communes de Haute-Gâtine")
    Coverage.objects.create(
        structure=structure, version=1, valid_from=making.STARTED, places=["epci:200041333"], created_at=NOW
    )
    return making.official(structure)


@pytest.fixture
def seat(author):
    return making.head_of(author)


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def page(client, name, *args, **query):
    answer = client.get(reverse(f"governance:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(client, name, /, *args, **typed):
    return client.post(reverse(f"governance:{name}", args=args), typed)


def test_an_official_writes_one_box_and_the_territory_is_that_of_the_structure(author, seat):
    making.mandate(seat)
    client = browser(author)
    form = page(client, "write")
    assert "Parthenay" in form
    answer = post(client, "write", text="Le dernier car part à 18 h.")
    written = Concern.objects.get()
    assert answer["Location"] == reverse("governance:concern", args=[written.pk])
    assert (written.places, written.author_name) == (["epci:200041333"], author.user.full_name)


def test_an_official_may_name_one_commune_and_an_axis(author, seat):
    axis = making.axis(seat)
    post(browser(author), "write", text="Rien ici", where="commune:79202", about=f"axe:{axis.pk}")
    written = Concern.objects.get()
    assert (written.places, written.axis) == (["commune:79202"], axis)


def test_a_place_the_structure_does_not_cover_is_refused(author, seat):
    making.mandate(seat)
    assert post(browser(author), "write", text="Ailleurs", where="commune:75056").status_code == 422


def test_an_empty_concern_says_what_is_missing_and_keeps_the_rest(author, seat):
    making.mandate(seat)
    answer = post(browser(author), "write", text="", evidence="Un chiffre")
    assert answer.status_code == 422
    assert "même en une phrase" in answer.content.decode()
    assert "Un chiffre" in answer.content.decode()


def test_the_head_gathers_under_a_theme_named_on_the_spot(author, seat):
    first, second = making.concern(author, "Pas de bus"), making.concern(author, "Pas de car")
    client = browser(seat)
    assert "préoccupations à ranger" in page(client, "gathering")
    post(client, "gathering", preoccupation=[first.pk, second.pk], theme="nouveau", name="Transports")
    assert list(Theme.objects.get().concerns.order_by("pk")) == [first, second]
    assert "Tout est rangé" in page(client, "gathering")


def test_gathering_nothing_or_nowhere_is_said(author, seat):
    written = making.concern(author)
    theme = making.theme(seat)
    client = browser(seat)
    assert "Cochez au moins une" in post(client, "gathering", theme=theme.pk).content.decode()
    answer = post(client, "gathering", preoccupation=[written.pk], theme="nouveau", name="")
    assert answer.status_code == 422
    assert not Concern.objects.exclude(theme=None).exists()


def test_no_theme_is_chosen_for_the_head_and_one_chosen_beside_a_new_name_is_refused(author, seat):
    written = making.concern(author)
    theme = making.theme(seat, "Déjà là")
    client = browser(seat)
    select = page(client, "gathering").partition('name="theme"')[2].partition("</select>")[0]
    assert "selected" not in select
    both = post(client, "gathering", preoccupation=[written.pk], theme=theme.pk, name="Un autre")
    assert both.status_code == 422
    assert "gardez l’un des deux" in both.content.decode()
    assert post(client, "gathering", preoccupation=[written.pk], theme="").status_code == 422
    written.refresh_from_db()
    assert written.theme is None
    post(client, "gathering", preoccupation=[written.pk], theme="", name="Un autre")
    written.refresh_from_db()
    assert written.theme.name == "Un autre"


def test_a_refused_file_says_so_on_top_and_its_address_alone_leads_to_the_session(seat):
    making.mandate(seat)
    meeting = making.session(seat, making.body(seat))
    client = browser(seat)
    sent = SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)
    shown = post(client, "session-act", meeting.pk, "document", file=sent).content.decode()
    assert shown.index("error-summary") < shown.index("agenda-title")
    answer = client.get(reverse("governance:session-act", args=[meeting.pk, "document"]))
    assert answer["Location"] == reverse("governance:session", args=[meeting.pk])


def test_the_address_a_refused_form_stays_at_leads_back_to_its_page(author, seat):
    written, axis, board = making.concern(author), making.axis(seat), making.body(seat)
    office, mandate = making.office(seat, board), making.mandate(seat)
    for name, pk, back, shown in (
        ("erase", written.pk, "concern", written.pk),
        ("set-aside", written.pk, "concern", written.pk),
        ("axis-decide", axis.pk, "axis", axis.pk),
        ("axis-close", axis.pk, "axis", axis.pk),
        ("mandate-close", mandate.pk, "mandate", mandate.pk),
        ("office-end", office.pk, "body", board.pk),
    ):
        answer = browser(seat).get(reverse(f"governance:{name}", args=[pk]))
        assert (name, answer["Location"]) == (name, reverse(f"governance:{back}", args=[shown]))
    answer = browser(author).get(reverse("governance:withdraw", args=[written.pk]))
    assert answer["Location"] == reverse("governance:concern", args=[written.pk])


def test_a_refused_erasure_says_so_on_top_of_the_concern(author, seat):
    written = making.concern(author)
    shown = post(browser(seat), "erase", written.pk, passages="jamais écrits").content.decode()
    assert shown.index("À corriger") < shown.index("news-title")


def test_a_point_a_decision_and_a_document_are_corrected_or_taken_out_and_the_session_says_it(seat):
    making.mandate(seat)
    meeting = making.session(seat, making.body(seat))
    point = sessions.add_item(seat, meeting.pk, title="Bugdet", concerns=[], at=NOW)
    decided = sessions.decide_in_session(seat, meeting.pk, text="Adopté par errreur", concerns=[], at=NOW)
    paper = sessions.add_document(seat, meeting.pk, SimpleUploadedFile("a.txt", b"x"), title="Brouillon", at=NOW)
    client = browser(seat)
    assert "Bugdet" in page(client, "item-change", meeting.pk, point.pk)
    post(client, "item-change", meeting.pk, point.pk, title="Budget")
    post(client, "decision-change", meeting.pk, decided.pk, retirer="1")
    post(client, "session-act", meeting.pk, "retirer-document", document=paper.pk)
    shown = page(client, "session", meeting.pk)
    assert "<strong>Budget</strong>" in shown
    for kept in ("Bugdet", "Adopté par errreur", "Brouillon", "corrections</h2>"):
        assert kept in shown, kept
    assert not Decision.objects.exists()
    read = page(browser(MembershipFactory(manager=True)), "session", meeting.pk)
    assert "corrections</h2>" in read
    assert "errreur" not in read  # its former words are the head's to read


def test_a_session_is_cancelled_with_its_reason_and_no_longer_prepared(seat):
    making.mandate(seat)
    meeting = making.session(seat, making.body(seat))
    client = browser(seat)
    assert post(client, "session-cancel", meeting.pk, reason=" ").status_code == 422
    post(client, "session-cancel", meeting.pk, reason="Salle indisponible.")
    shown = page(client, "session", meeting.pk)
    assert "Salle indisponible." in shown
    assert "Ajouter un point" not in shown
    assert "Salle indisponible." in page(client, "body", meeting.body_id)


def test_cancelling_says_who_learns_of_it_and_whom_to_call(seat):
    making.mandate(seat)
    board = making.body(seat)
    making.office(seat, board, "Ana Ruiz", user=MembershipFactory().user)
    making.office(seat, board, "Bo Sorin")
    meeting, client = making.session(seat, board, at=timezone.now(), ago=-10), browser(seat)
    asked = page(client, "session-cancel", meeting.pk)
    assert "personne qui siège la reçoit par courriel" in asked
    assert "à prévenir vous-même\u00a0: Bo Sorin." in asked
    post(client, "session-cancel", meeting.pk, reason="Salle indisponible.")
    shown = page(client, "session", meeting.pk)
    assert "personne est prévenue par courriel" in shown
    assert "Bo Sorin" in shown


def test_moving_says_who_learns_of_it_and_whom_to_call(seat):
    making.mandate(seat)
    board = making.body(seat)
    making.office(seat, board, "Ana Ruiz", user=MembershipFactory().user)
    making.office(seat, board, "Bo Sorin")
    meeting, client = making.session(seat, board, at=timezone.now(), ago=-10), browser(seat)
    assert "prévenues par courriel" in page(client, "session-move", meeting.pk)
    begins = timezone.localtime(meeting.starts_at)
    post(client, "session-move", meeting.pk, starts_at=f"{begins:%Y-%m-%dT%H:%M}", place="Mairie")
    shown = page(client, "session", meeting.pk)
    assert "La séance est déplacée. 1\u00a0personne est prévenue par courriel." in shown
    assert "à prévenir vous-même\u00a0: Bo Sorin." in shown


def test_the_day_of_who_sits_says_their_meeting_and_costs_the_same_whatever_the_agenda(author, seat):
    making.mandate(seat)
    board = making.body(seat)
    making.office(seat, board, user=author.user)
    spent, client = [], browser(author)
    for more in (1, 10):
        for rank in range(more):
            meeting = making.session(seat, board, at=timezone.now(), ago=-5 - rank)
            sessions.add_item(seat, meeting.pk, title=f"Budget {rank}", concerns=[], at=NOW)
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(reverse("home")).content.decode()
        spent.append(len(captured))
    assert "Séance à venir" in shown
    assert "À l’ordre du jour\u00a0: Budget 0." in shown
    assert reverse("governance:session", args=[meeting.pk]) in shown
    assert spent[0] == spent[1] <= 20


def test_settled_minutes_say_when_and_where(author, seat):
    making.mandate(seat)
    meeting = making.session(seat, making.body(seat))
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    shown = page(browser(author), "session", meeting.pk)
    assert "Salle du conseil" in shown
    assert f"{timezone.localtime(meeting.starts_at):%H h %M}" in shown


def test_an_office_written_wrong_is_mended_and_the_mandate_keeps_what_was_written(seat):
    making.mandate(seat)
    board = making.body(seat)
    office = making.office(seat, board, name="Anna Ruis")
    client = browser(seat)
    assert "Anna Ruis" in page(client, "office-correct", office.pk)
    typed = {"full_name": "Ana Ruiz", "role": "member", "starts_on": making.STARTED.isoformat(), "gender": ""}
    assert post(client, "office-correct", office.pk, **typed).status_code == 302
    office.refresh_from_db()
    assert office.full_name == "Ana Ruiz"
    assert "Anna Ruis" in page(client, "mandate", office.mandate_id)
    post(client, "office-correct", office.pk, retirer="1")
    assert not Office.objects.exists()


def test_a_committee_has_its_territory_shown_and_found_by_place(seat):
    making.mandate(seat)
    client = browser(seat)
    typed = {"kind": "departmental_committee", "name": "Comité des Deux-Sèvres", "places": "Deux-Sèvres"}
    post(client, "body-new", **typed)
    made = Body.objects.get()
    assert made.places == ["department:79"]
    assert "Deux-Sèvres" in page(client, "body", made.pk)
    assert committees_of(seat, ["commune:79202"]) == (made,)
    assert committees_of(seat, ["commune:75056"]) == ()
    answer = post(client, "body-change", made.pk, **{**typed, "places": "Nulle-Part-Du-Tout"})
    assert answer.status_code == 422
    assert "Nulle-Part-Du-Tout" in answer.content.decode()


def test_communes_are_offered_in_the_order_people_read(author, seat):
    names = [name for _, name in places.choices(["epci:200041333"])[1:]]
    assert names == sorted(names, key=fold)


def test_who_may_only_read_sees_no_act(author, seat):
    written = making.concern(author)
    making.gathered(seat, written)
    axis = making.validated(seat, making.axis(seat))
    meeting = making.session(seat, axis.versions.get().body)
    reader = browser(MembershipFactory(manager=True))
    theirs = {
        "concern": written.pk,
        "axis": axis.pk,
        "session": meeting.pk,
        "body": meeting.body_id,
        "mandate": meeting.mandate_id,
    }
    for name, pk in theirs.items():
        shown = page(reader, name, pk)
        main = shown[shown.index("<main") : shown.index("</main>")]
        assert "<form" not in main, name
    for name in ("home", "concerns", "axes", "bodies", "mandates"):
        shown = page(reader, name)
        main = shown[shown.index("<main") : shown.index("</main>")]
        assert 'method="post"' not in main, name
        assert "btn-primary" not in main, name


def test_a_reader_of_the_structure_may_not_write(author, seat):
    making.mandate(seat)
    client = browser(MembershipFactory(structure=author.structure, manager=True))
    assert client.get(reverse("governance:write")).status_code == 404
    assert post(client, "write", text="Un mot").status_code == 404


def test_the_head_leads_an_axis_from_theme_to_working_group_session(author, seat):
    written = making.concern(author)
    theme = making.gathered(seat, written)
    board = making.body(seat)
    client = browser(seat)
    post(client, "propose", name="Mobilité", statement="Pouvoir y aller.", themes=[theme.pk])
    axis = Axis.objects.get()
    post(
        client,
        "axis-decide",
        axis.pk,
        validated="oui",
        body=board.pk,
        decided_on=timezone.localdate().isoformat(),
        decision="Adopté",
    )
    axis.refresh_from_db()
    assert axis.version == 1
    post(client, "body-new", kind="working_group", name="Groupe mobilité", axis=axis.pk)
    group = axis.bodies.get()
    post(client, "office-new", full_name="Ana Ruiz", role="lead_official", body=group.pk, starts_on="2026-09-28")
    post(client, "session-new", group.pk, starts_at="2026-10-05T14:00", place="Parthenay")
    meeting = Session.objects.get()
    post(client, "session-act", meeting.pk, "point", title="Cars du soir", preoccupation=[written.pk])
    office = Office.objects.get()
    post(client, "session-act", meeting.pk, "presences", **{f"presence-{office.pk}": "present"})
    post(client, "session-act", meeting.pk, "notes", point=meeting.items.get().pk, notes="Trois bassins concernés")
    post(client, "session-act", meeting.pk, "decision", text="Saisir la région", preoccupation=[written.pk])
    post(client, "session-act", meeting.pk, "document", file=SimpleUploadedFile("cr.txt", b"Compte rendu"))
    post(client, "session-hold", meeting.pk, relu=session_sheet(seat, meeting.pk, at=timezone.now()).digest)
    meeting.refresh_from_db()
    assert meeting.held_at is not None
    assert (Attendance.objects.get().presence, Decision.objects.get().number) == ("present", 1)
    told = page(browser(author), "concern", written.pk)
    assert "Saisir la région" in told
    assert reverse("governance:session", args=[meeting.pk]) in told
    document = SessionDocument.objects.get()
    answer = browser(author).get(reverse("governance:document", args=[document.pk]))
    assert b"".join(answer.streaming_content) == b"Compte rendu"
    assert "attachment" in answer["Content-Disposition"]


def test_a_file_of_another_kind_is_refused_with_what_is_accepted(seat):
    making.mandate(seat)
    meeting = making.session(seat, making.body(seat))
    sent = SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)
    answer = post(browser(seat), "session-act", meeting.pk, "document", file=sent)
    assert answer.status_code == 422
    assert "Formats acceptés" in answer.content.decode()
    assert not SessionDocument.objects.exists()


def test_nothing_of_a_network_shows_in_another(author, seat):
    written = making.concern(author)
    making.gathered(seat, written, name="Thème discret")
    making.axis(seat, name="Axe discret")
    elsewhere = NetworkFactory(name="Autre réseau")
    for person in (
        NetworkSeatFactory(network=elsewhere),
        MembershipFactory(structure=StructureFactory(network=elsewhere), manager=True),
    ):
        client = browser(person)
        for name in ("home", "concerns", "axes", "bodies", "mandates"):
            assert "discret" not in page(client, name)
        assert client.get(reverse("governance:concern", args=[written.pk])).status_code == 404


@pytest.mark.parametrize("name", ["home", "concerns", "axes", "bodies", "mandates"])
def test_lists_cost_the_same_however_much_they_hold(name, author, seat, assert_max_queries):
    for rank in range(6):
        making.gathered(seat, making.concern(author, f"Préoccupation {rank}"), name=f"Thème {rank}")
        axis = making.axis(seat, name=f"Axe {rank}")
        group = making.body(seat, "working_group", f"Groupe {rank}", axis)
        making.office(seat, group, name=f"Élue {rank}", role="lead_official")
        making.session(seat, group)
    client = browser(author)
    client.get(reverse("governance:home"))
    with assert_max_queries(20):
        page(client, name)


NIR = "2 85 07 79 002 001 54"


def test_a_social_security_number_is_refused_at_its_field_wherever_one_writes(author, seat):
    board = making.body(seat)
    meeting = making.session(seat, board)
    said = "numéro de sécurité sociale"
    answer = post(browser(author), "write", text=f"Mme Dupont {NIR} n’a plus de bus", evidence=f"dossier {NIR}")
    assert (answer.status_code, answer.content.decode().count(said) >= 2) == (422, True)
    client = browser(seat)
    for code, name in (("point", "title"), ("decision", "text")):
        refused = post(client, "session-act", meeting.pk, code, **{name: f"Dossier {NIR}"})
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
    for name, typed in (
        ("theme-new", {"name": f"Cas {NIR}"}),
        ("body-new", {"kind": "bureau", "name": "Bureau", "purpose": NIR}),
        ("propose", {"name": "Axe", "statement": NIR}),
    ):
        refused = post(client, name, **typed)
        assert (name, refused.status_code, said in refused.content.decode()) == (name, 422, True)
    assert not Concern.objects.exists()
    assert not Decision.objects.exists()
    with pytest.raises(GovernanceRefused):
        making.concern(author, f"Mme Dupont {NIR}")


def test_the_address_of_a_meeting_may_hold_a_long_number(author, seat):
    making.mandate(seat)
    address = "https://visio.example/1234567890123"
    post(browser(seat), "session-new", making.body(seat).pk, starts_at="2026-12-02T10:00", place=address)
    assert Session.objects.get().place == address


def test_the_head_masks_words_that_name_somebody_and_the_author_is_told(author, seat):
    written = making.concern(author, "Le fils Dupont, de Secondigny, n’a plus de bus.", evidence="Appelez M. Martin")
    client = browser(seat)
    assert "n’est pas dans cette préoccupation" in post(client, "erase", written.pk, passages="Durand").content.decode()
    post(client, "erase", written.pk, passages="le fils dupont")
    written.refresh_from_db()
    assert written.text == "[mots effacés], de Secondigny, n’a plus de bus."
    assert written.evidence == "Appelez M. [nom masqué]"
    shown = page(browser(author), "concern", written.pk)
    assert "sont effacés par la tête de réseau" in shown
    assert "Effacer des mots" not in shown
    again = post(client, "erase", written.pk, passages="")
    assert "rien n’est reconnu sans vous" in again.content.decode()


def test_its_author_reads_who_decided_of_the_axis_on_which_day_and_in_which_words(author, seat):
    written = making.concern(author)
    axis = making.axis(seat, making.gathered(seat, written), on=date(2026, 11, 2))
    board = making.body(seat)
    making.validated(seat, axis, board, on=date(2026, 11, 12))
    by_the_board = "est validé par le conseil d’administration le 12\u00a0novembre 2026."
    assert by_the_board in Message.objects.get(user=author.user).text
    assert "Adopté" in Message.objects.get(user=author.user).text
    ConcernNews.objects.filter(kind="axis_validated").update(words="")  # told before the words were kept
    trail = page(browser(author), "concern", written.pk).partition("Ce qu’elle est devenue")[2]
    assert by_the_board in trail
    assert "Adopté" in trail
    assert f"{prose_date(date(2026, 11, 12))} (écrit ici le {prose_date(making.today())})" in trail
    changed = Draft("Mobilité", "Que chacun puisse aller se former.", list(Theme.objects.all()), reason="Formation")
    later = NOW + timedelta(hours=1)
    axes.propose_version(seat, axis.pk, changed, at=later)
    refusing = {"validated": False, "body": board, "decided_on": making.today(), "decision": "À retravailler"}
    axes.decide(seat, axis.pk, **refusing, session=None, at=later + timedelta(hours=1))
    trail = page(browser(author), "concern", written.pk).partition("Ce qu’elle est devenue")[2]
    assert by_the_board in trail  # each decision keeps its own day
    assert f"n’est pas validé par le conseil d’administration le {day(making.today())}." in trail


def test_a_concern_taken_back_says_nothing_of_what_would_follow(author, seat):
    written = making.concern(author)
    client = browser(author)
    post(client, "withdraw", written.pk)
    shown = page(client, "concern", written.pk)
    assert "ses mots sont effacés" in shown
    assert "la tête de réseau la lira" not in shown
    assert "livre blanc" not in shown.partition("<main")[2]


def test_a_concern_too_long_is_refused_with_its_length_never_cut(author, seat):
    making.mandate(seat)
    client = browser(author)
    form = page(client, "write")
    assert "2\u202f000 caractères au plus" in form
    assert "maxlength" not in form.partition('name="text"')[2].partition(">")[0]
    answer = post(client, "write", text="a" * 2130)
    assert answer.status_code == 422
    assert "2130" in answer.content.decode()


def test_a_cancelled_session_says_so_first_and_nothing_of_what_was_not_held(seat):
    board = making.body(seat)
    making.office(seat, board, name="Ana Ruiz")
    meeting = making.session(seat, board)
    sessions.cancel_session(seat, meeting.pk, reason="Salle indisponible.", at=NOW)
    shown = page(browser(seat), "session", meeting.pk)
    assert ", annulée" in shown.partition("<h1")[2].partition("</h1>")[0]
    assert "<strong>Séance annulée</strong>" in shown
    for absent in ("Ana Ruiz", "Présences", "n’est pas encore écrit", "Décisions", "Joindre un document"):
        assert absent not in shown, absent
    with pytest.raises(GovernanceRefused, match="annulée"):
        sessions.add_document(seat, meeting.pk, SimpleUploadedFile("a.txt", b"x"), title="Note", at=NOW)


def test_a_cancelled_session_keeps_what_was_prepared_and_who_was_noted(seat):
    board = making.body(seat)
    came, absent = (making.office(seat, board, name=name) for name in ("Ana Ruiz", "Luc Bel"))
    meeting = making.session(seat, board)
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    sessions.note_attendance(seat, meeting.pk, {came.pk: "present"}, at=NOW)
    sessions.cancel_session(seat, meeting.pk, reason="Quorum non atteint.", at=NOW)
    shown = page(browser(seat), "session", meeting.pk)
    assert "Budget" in shown
    assert came.full_name in shown
    assert absent.full_name not in shown
