"""What goes on after a handover or a closing: axes proposed again, a body opened again, days mended."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dentelle.foundations.messages.models import Message
from dentelle.network.governance.actions import axes, concerns, offices, sessions
from dentelle.network.governance.actions.concerns import Words
from dentelle.network.governance.models import Axis, Body, Concern, Erratum, Mandate, Office
from dentelle.network.governance.queries.axes import axis_sheet
from dentelle.network.governance.refusals import GovernanceRefused
from tests.factories import NOW, NetworkSeatFactory, StructureFactory
from tests.network.governance import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def client_of_head(seat):
    client = Client()
    client.force_login(seat.user)
    return client


@pytest.fixture
def former(seat):
    """An axis in force with a theme and a group, in a mandate that a handover ends; another one only proposed."""
    theme = making.theme(seat, "Aller travailler")
    axis = making.validated(seat, making.axis(seat, theme, name="Mobilité"))
    making.body(seat, "working_group", "Groupe mobilité", axis)
    making.axis(seat, name="Jamais validé")
    change = offices.Handover("Mandat suivant", making.today(), making.today() - timedelta(days=1), [], [])
    offices.hand_over(seat, change, at=NOW)
    return axis


def test_the_axes_of_the_former_mandate_are_offered_and_proposed_again_with_themes_and_groups(
    seat, former, client_of_head
):
    shown = client_of_head.get(reverse("governance:axes")).content.decode()
    assert "axe du mandat précédent non reconduit" in shown
    form = client_of_head.get(reverse("governance:renew")).content.decode()
    assert "Mobilité" in form
    assert "Jamais validé" not in form
    client_of_head.post(reverse("governance:renew"), {"axes": [former.pk]})
    again = Axis.objects.get(former=former)
    [version] = again.versions.all()
    assert (again.version, version.decided_on, version.statement) == (0, None, former.versions.get().statement)
    assert [(theme.name, theme.mandate) for theme in version.themes.all()] == [("Aller travailler", again.mandate)]
    assert [group.name for group in again.bodies.all()] == ["Groupe mobilité"]
    assert "Reprend l’axe" in client_of_head.get(reverse("governance:axis", args=[again.pk])).content.decode()
    assert "Reconduit" in client_of_head.get(reverse("governance:axis", args=[former.pk])).content.decode()
    assert (
        "non reconduit"
        not in client_of_head.get(reverse("governance:mandate", args=[again.mandate_id])).content.decode()
    )
    with pytest.raises(GovernanceRefused, match="Cochez"):
        axes.renew_axes(seat, [former.pk], at=NOW)


def test_a_member_reads_the_former_axes_without_the_act(seat, former):
    member = making.official(StructureFactory(network=seat.network))
    client = Client()
    client.force_login(member.user)
    shown = client.get(reverse("governance:axes")).content.decode()
    assert "Mobilité" in shown
    assert "Reconduire des axes" not in shown


def test_closing_a_body_says_what_ends_then_it_stays_listed_and_opens_again(seat, client_of_head):
    group = making.body(seat, "working_group", "Groupe mobilité")
    office = making.office(seat, group, role="lead_official", name="Ana Ruiz")
    address = reverse("governance:body-close", args=[group.pk])
    assert "Ana Ruiz" in client_of_head.get(address).content.decode()
    assert client_of_head.post(address).status_code == 422  # the day must be said
    client_of_head.post(address, {"ends_on": making.today().isoformat()})
    group.refresh_from_db()
    assert group.closed_on == making.today()
    listed = client_of_head.get(reverse("governance:bodies")).content.decode()
    assert "instance fermée" in listed
    page = client_of_head.get(reverse("governance:body-reopen", args=[group.pk])).content.decode()
    assert "Ana Ruiz" in page
    client_of_head.post(reverse("governance:body-reopen", args=[group.pk]), {"fonction": [office.pk]})
    group.refresh_from_db()
    office.refresh_from_db()
    assert (group.closed_on, office.ends_on) == (None, None)


def test_an_office_ended_before_the_closing_is_not_resumed(seat):
    group = making.body(seat, "working_group", "Groupe mobilité")
    office = making.office(seat, group)
    offices.end_office(seat, office.pk, ends_on=date(2026, 6, 1), at=NOW)
    offices.close_body(seat, group.pk, closed_on=making.today(), at=NOW)
    offices.reopen_body(seat, group.pk, resumed=[office.pk], at=NOW)
    office.refresh_from_db()
    assert office.ends_on == date(2026, 6, 1)


def test_a_handover_is_read_again_before_it_is_done_and_says_nothing_of_the_structure_of_who_comes(
    seat, client_of_head
):
    board = making.body(seat)
    office = making.office(seat, board, name="Ana Ruiz", structure=StructureFactory(network=seat.network))
    typed = {
        "name": "Mandat suivant",
        "starts_on": making.today().isoformat(),
        f"sort-{office.pk}": "remplace",
        f"nom-{office.pk}": "Luc Bel",
    }
    address = reverse("governance:handover")
    recap = client_of_head.post(address, typed).content.decode()
    assert "Confirmer la passation" in recap
    assert "Luc Bel" in recap
    assert (Mandate.objects.count(), Office.objects.count()) == (1, 1)
    again = client_of_head.post(address, {**typed, "revoir": "1"})
    assert (again.status_code, 'value="Luc Bel"' in again.content.decode()) == (200, True)
    assert Mandate.objects.count() == 1
    refused = client_of_head.post(address, {**typed, "starts_on": "2026-01-01"})
    assert refused.status_code == 422
    client_of_head.post(address, {**typed, "confirme": "1"})
    assert Office.objects.get(full_name="Luc Bel").structure is None


def test_days_and_name_of_a_handover_are_mended_with_the_mandate_before_and_what_was_written_stays(
    seat, client_of_head
):
    board = making.body(seat)
    office = making.office(seat, board, name="Ana Ruiz")
    change = offices.Handover("Mendat suivant", date(2026, 11, 10), date(2026, 11, 9), [office.pk], [])
    wrong = offices.hand_over(seat, change, at=NOW)
    address = reverse("governance:mandate-correct", args=[wrong.pk])
    typed = {"name": "Mandat suivant", "starts_on": "2026-11-20"}
    assert client_of_head.post(address, typed).status_code == 422  # without a reason
    client_of_head.post(address, {**typed, "reason": "Élection du 20, non du 10."})
    office.refresh_from_db()
    wrong.refresh_from_db()
    assert (wrong.name, wrong.starts_on, office.mandate.ends_on, office.ends_on) == (
        "Mandat suivant",
        date(2026, 11, 20),
        date(2026, 11, 19),
        date(2026, 11, 19),
    )
    assert wrong.offices.get().starts_on == date(2026, 11, 20)
    kept = Erratum.objects.get()
    assert (kept.before, kept.reason) == ("Mendat suivant, du 10/11/2026", "Élection du 20, non du 10.")
    shown = client_of_head.get(reverse("governance:mandate", args=[wrong.pk])).content.decode()
    assert "Élection du 20, non du 10." in shown
    back = {"name": wrong.name, "starts_on": date(2026, 10, 1), "reason": "Encore."}
    assert offices.correct_mandate(seat, wrong.pk, **back, at=NOW).starts_on == date(2026, 10, 1)
    assert Office.objects.get(pk=office.pk).ends_on == date(2026, 9, 30)


def test_a_mandate_does_not_leave_outside_its_days_what_was_done_in_them(seat):
    author = making.official(StructureFactory(network=seat.network))
    mandate = making.mandate(seat)
    making.concern(author)
    with pytest.raises(GovernanceRefused, match="une préoccupation a été écrite"):
        offices.correct_mandate(
            seat, mandate.pk, name=mandate.name, starts_on=making.today() + timedelta(days=3), reason="Non", at=NOW
        )
    before = making.STARTED - timedelta(days=30)
    moved = offices.correct_mandate(seat, mandate.pk, name=mandate.name, starts_on=before, reason="Oui", at=NOW)
    assert moved.starts_on == before


def test_at_a_general_assembly_members_come_by_structure_and_anybody_by_name(seat, client_of_head):
    member = StructureFactory(network=seat.network, name="PLIE des Deux Rives")
    assembly = making.session(seat, making.body(seat, "general_assembly", "Assemblée générale"))
    address = reverse("governance:session", args=[assembly.pk])

    def act(code, **typed):
        return client_of_head.post(reverse("governance:session-act", args=[assembly.pk, code]), typed)

    shown = client_of_head.get(address).content.decode()
    assert "Personne ne siège" not in shown
    assert "PLIE des Deux Rives" in shown
    act("membres", **{f"structure-{member.pk}": "represented"})
    assert act("invite", full_name="Ana 2 85 07 79 002 001 54").status_code == 422
    act("invite", full_name="Luc Bel", function="directeur de l’agence")
    assert act("invite", full_name="Luc Bel").status_code == 422
    shown = client_of_head.get(address).content.decode()
    assert "structure présente ou représentée" in shown
    assert "Luc Bel, directeur de l’agence" in shown
    guest = assembly.attendees.get(full_name="Luc Bel")
    act("retirer-invite", invite=guest.pk)
    assert list(assembly.attendees.values_list("structure", "presence")) == [(member.pk, "represented")]


def test_a_structure_at_an_assembly_comes_with_who_came_for_it_or_represents_it(seat, client_of_head):
    here, there, gone = (StructureFactory(network=seat.network, name=name) for name in ("PLIE", "Mission", "Régie"))
    meeting = making.session(seat, making.body(seat, "general_assembly", "Assemblée générale"))

    def note(**typed):
        address = reverse("governance:session-act", args=[meeting.pk, "membres"])
        return client_of_head.post(address, typed, follow=True).content.decode()

    note(
        **{
            f"structure-{here.pk}": "represented",
            f"venu-{here.pk}": "Luc  Bel",
            f"structure-{there.pk}": "",
            f"venu-{there.pk}": "Ana Ruiz",
            f"structure-{gone.pk}": "",
            f"venu-{gone.pk}": "",
        }
    )
    came = meeting.attendees.values_list("structure", "presence", "full_name")
    assert list(came.order_by("structure")) == [(here.pk, "represented", "Luc Bel"), (there.pk, "present", "Ana Ruiz")]
    note(**{f"structure-{there.pk}": "", f"venu-{there.pk}": "Ana Ruiz"})  # no longer noted, its name left as it was
    assert list(came) == [(here.pk, "represented", "Luc Bel")]
    assert "sécurité sociale" in note(**{f"structure-{here.pk}": "present", f"venu-{here.pk}": "2 85 07 79 002 001 54"})
    sessions.add_item(seat, meeting.pk, title="Accueil", concerns=[], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    shown = client_of_head.get(reverse("governance:session", args=[meeting.pk])).content.decode()
    assert "PLIE · représenté ou représentée (Luc Bel)" in shown


def test_members_by_structure_are_for_general_assemblies(seat):
    member = StructureFactory(network=seat.network)
    meeting = making.session(seat, making.body(seat))
    with pytest.raises(GovernanceRefused, match="en assemblée générale seulement"):
        sessions.note_members(seat, meeting.pk, {member.pk: "present"}, at=NOW)


@pytest.fixture
def renewed(seat):
    """An axis in force that two concerns founded, proposed again in the mandate that follows; with one author for each."""
    authors = [making.official(StructureFactory(network=seat.network)) for _ in range(2)]
    written = [making.concern(author, f"Pas de car, {place}") for place, author in enumerate(authors)]
    theme = making.gathered(seat, *written, name="Aller travailler")
    former = making.validated(seat, making.axis(seat, theme, name="Mobilité"))
    change = offices.Handover("Mandat suivant", making.today(), making.today() - timedelta(days=1), [], [])
    offices.hand_over(seat, change, at=NOW)
    [again] = axes.renew_axes(seat, [former.pk], at=NOW)
    return again


def test_authors_of_the_former_mandate_are_told_of_the_axis_that_renews_theirs(seat, renewed, client_of_head):
    board = Body.objects.get()
    typed = {"validated": "oui", "body": board.pk, "decided_on": making.today().isoformat(), "decision": "Adopté"}
    address = reverse("governance:axis-decide", args=[renewed.pk])
    shown = client_of_head.post(address, typed, follow=True).content.decode()
    assert "les 2 auteurs des préoccupations qui fondent l’axe le savent" in shown
    first = Concern.objects.order_by("pk")[0]
    assert [news.kind for news in first.news.all()][-2:] == ["axis_proposed", "axis_validated"]
    assert Message.objects.filter(text__contains="qui s’appuie encore sur elle, est validé pour").count() == 2
    trail = client_of_head.get(reverse("governance:concern", args=[first.pk])).content.decode()
    assert "qui s’appuie encore sur elle, est validé pour" in trail


def test_concerns_of_the_former_mandate_are_counted_behind_the_theme_that_takes_theirs_up(
    seat, renewed, client_of_head
):
    theme = renewed.versions.get().themes.get()
    assert (theme.concerns.count(), theme.former.concerns.count()) == (0, 2)
    shown = {
        name: client_of_head.get(reverse(f"governance:{name}", args=args)).content.decode()
        for name, args in {"axis": [renewed.pk], "home": [], "theme": [theme.pk]}.items()
    }
    assert "(0\u202fpréoccupation et 2 d’avant ce mandat)" in shown["axis"]
    assert "et 2\u202fpréoccupations d’avant ce mandat" in shown["home"]
    assert "Reprend le thème" in shown["theme"]
    assert "Repris" in client_of_head.get(reverse("governance:theme", args=[theme.former_id])).content.decode()


def test_a_theme_renewed_twice_still_leads_to_its_first_concerns_even_under_another_name(seat, renewed):
    theme = renewed.versions.get().themes.get()
    concerns.change_theme(seat, theme.pk, name="Se déplacer", summary="", at=NOW)
    making.validated(seat, renewed, Body.objects.get(), on=making.today())
    later = NOW + timedelta(days=30)
    day = making.today() + timedelta(days=30)
    offices.hand_over(seat, offices.Handover("Le troisième", day, day - timedelta(days=1), [], []), at=later)
    [last] = axes.renew_axes(seat, [renewed.pk], at=later)
    [behind] = axis_sheet(seat, last.pk, today=day).versions[0].themes
    assert (behind.name, behind.weight, behind.former) == ("Se déplacer", 0, 2)
    assert Concern.objects.order_by("pk")[0].news.filter(axis=last, kind="axis_proposed").count() == 1


def test_the_decision_on_an_axis_nothing_founds_says_that_nobody_is_told(seat, client_of_head):
    axis = making.axis(seat, name="Numérique")
    board = making.body(seat)
    typed = {"validated": "oui", "body": board.pk, "decided_on": making.today().isoformat(), "decision": "Adopté"}
    address = reverse("governance:axis-decide", args=[axis.pk])
    assert "personne n’est à prévenir" in client_of_head.post(address, typed, follow=True).content.decode()


def test_themes_that_bear_one_name_in_two_mandates_each_say_theirs_where_concerns_are_gathered(
    seat, renewed, client_of_head
):
    author = making.official(StructureFactory(network=seat.network))
    Concern.objects.update(state="written", theme=None)
    former = Concern.objects.order_by("pk")[0].mandate
    address = reverse("governance:gathering")

    def offered() -> str:
        page = client_of_head.get(address).content.decode()
        return page.partition('id="id_theme"')[2].partition("</select>")[0]

    assert offered().count("Aller travailler") == 1  # nothing of the new mandate waits: its themes would be refused
    assert f'<optgroup label="{former.name}">' in offered()
    concerns.write_concern(author, Words("Plus de car du tout", []), at=NOW)
    for mandate in ("Mandat suivant", former.name):
        assert f"Aller travailler (0), {mandate}</option>" in offered()
