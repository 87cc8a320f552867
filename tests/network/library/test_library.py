"""Each item has somebody who answers for it, and an age; the path is each person's own."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse

from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.search.queries import search
from dentelle.network.library import access, actions, queries
from dentelle.network.library.actions import Step
from dentelle.network.library.models import LibraryItem, PathStep, StepDone
from dentelle.network.library.refusals import LibraryRefused
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.library import making

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def owner(seat):
    return MembershipFactory(facilitator=True, user__full_name="Nadia Lemaire")


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def row_of(viewer, item, today=TODAY):
    [row] = queries.rows(viewer, [item], today=today)
    return row


def test_an_item_says_who_answers_for_it_and_since_when_it_is_up_to_date(seat, owner):
    item = making.item(seat, owner.user, up_to_date_on=date(2026, 1, 31), review_months=1)
    assert item.review_on == date(2026, 2, 28)
    row = row_of(owner, item)
    assert (row.owner, row.structure, row.stale, row.mine) == ("Nadia Lemaire", owner.structure.name, True, True)


def test_an_item_is_up_to_date_until_the_last_day_of_its_period(seat, owner):
    item = making.item(seat, owner.user, up_to_date_on=date(2026, 1, 15), review_months=3)
    assert not row_of(owner, item, date(2026, 4, 15)).stale
    assert row_of(owner, item, date(2026, 4, 16)).stale


def test_its_owner_reads_it_again_and_the_clock_starts_anew(seat, owner):
    item = making.item(seat, owner.user, up_to_date_on=date(2025, 1, 1))
    actions.confirm(owner, item.pk, at=NOW)
    item.refresh_from_db()
    assert (item.up_to_date_on, item.review_on) == (TODAY, date(2027, 11, 21))


def test_an_item_whose_owner_has_left_is_never_up_to_date(seat, owner):
    item = making.item(seat, owner.user, up_to_date_on=TODAY)
    assert not row_of(seat, item).stale
    owner.delete()
    row = row_of(seat, item)
    assert row.stale
    assert "à confier" in row.owner


def test_somebody_else_reads_and_does_not_change(seat, owner):
    item = making.item(seat, owner.user)
    colleague = MembershipFactory(structure=owner.structure, manager=True)
    assert access.items_visible_to(colleague).get() == item
    for act in (actions.confirm, actions.retire):
        with pytest.raises(Http404):
            act(colleague, item.pk, at=NOW)
    page = browser(colleague).get(reverse("library:item", args=[item.pk])).content.decode()
    assert "Modifier" not in page[page.index("<main") :]


def test_an_owner_who_only_reads_from_now_on_changes_nothing(seat, owner):
    item = making.item(seat, owner.user)
    owner.role = "reader"
    owner.save()
    with pytest.raises(Http404):
        actions.confirm(owner, item.pk, at=NOW)


def test_only_the_head_gives_an_item_to_somebody_else(seat, owner):
    item = making.item(seat, owner.user)
    other = MembershipFactory(structure=owner.structure, manager=True)
    with pytest.raises(LibraryRefused, match="tête de réseau"):
        actions.change_item(owner, item.pk, making.content(other.user), at=NOW)
    assert actions.change_item(seat, item.pk, making.content(other.user), at=NOW).owner == other.user


def test_nobody_outside_of_the_network_answers_for_an_item(seat):
    stranger = MembershipFactory(structure=StructureFactory(network=NetworkFactory(name="Autre réseau")))
    with pytest.raises(LibraryRefused, match="n’agit pas"):
        making.item(seat, stranger.user)


def test_an_item_holds_something_and_has_its_title_once(seat):
    with pytest.raises(LibraryRefused, match="Écrivez un texte"):
        making.item(seat, words="  ")
    first = making.item(seat)
    with pytest.raises(LibraryRefused, match="déjà"):
        making.item(seat)
    actions.retire(seat, first.pk, at=NOW)
    assert making.item(seat).pk != first.pk


def test_another_network_reads_nothing(seat, owner):
    item = making.item(seat, owner.user)
    elsewhere = NetworkFactory(name="Autre réseau")
    for viewer in (
        MembershipFactory(structure=StructureFactory(network=elsewhere)),
        NetworkSeatFactory(network=elsewhere),
    ):
        assert not access.items_visible_to(viewer).exists()
        assert browser(viewer).get(reverse("library:item", args=[item.pk])).status_code == 404
        assert search("clause", viewer) == ()


def test_it_is_found_by_its_words_and_no_longer_once_retired(seat, owner):
    item = making.item(seat, owner.user, words="Le besoin, puis la part de main-d’œuvre.")
    [group] = search("main d'oeuvre", owner)
    assert [hit.title for hit in group.hits] == [item.title]
    page = queries.items(owner, kind="", text="besoin", page=1, today=TODAY)
    assert [row.item for row in page.rows] == [item]
    actions.retire(owner, item.pk, at=NOW)
    assert search("main d'oeuvre", owner) == ()


def test_a_file_is_handed_over_once_out_of_quarantine(seat, owner):
    item = making.item(seat, owner.user, upload=SimpleUploadedFile("modele.txt", b"Article 1"))
    address = reverse("library:file", args=[item.pk])
    assert b"".join(browser(owner).get(address).streaming_content) == b"Article 1"
    StoredFile.objects.update(state=FileState.QUARANTINED)
    assert browser(owner).get(address).status_code == 404
    assert "quarantaine" in browser(owner).get(reverse("library:item", args=[item.pk])).content.decode()


def test_writing_the_path_again_keeps_the_ticks_of_the_steps_that_stay(seat, owner):
    actions.write_path(seat, [Step("Lire un contrat", "", None), Step("Voir un chantier", "", None)], at=NOW)
    first, second = PathStep.objects.order_by("rank")
    for step in (first, second):
        actions.tick(owner, step.pk, done=True, at=NOW)
    actions.write_path(seat, [Step("Rencontrer", "", None), Step("Voir deux chantiers", "", None, second.pk)], at=NOW)
    assert list(PathStep.objects.order_by("rank").values_list("title", flat=True)) == [
        "Rencontrer",
        "Voir deux chantiers",
    ]
    assert StepDone.objects.get().step == second


@pytest.mark.parametrize("role", ["reader", "elected_official", "facilitator"])
def test_anybody_ticks_for_themselves_alone_without_a_line_in_the_journal(role, seat, owner):
    actions.write_path(seat, [Step("Lire un contrat", "", None)], at=NOW)
    step = PathStep.objects.get()
    person = MembershipFactory(structure=owner.structure, role=role)
    before = Entry.objects.count()
    browser(person).post(reverse("library:path-tick", args=[step.pk]), {"fait": "1"})
    assert [row.done for row in queries.path(person, today=TODAY)] == [True]
    assert [row.done for row in queries.path(owner, today=TODAY)] == [False]
    browser(person).post(reverse("library:path-tick", args=[step.pk]), {"fait": "0"})
    assert not StepDone.objects.exists()
    assert Entry.objects.count() == before


def test_the_head_writes_the_path_in_the_order_of_its_ranks(seat):
    item = making.item(seat)
    typed = {
        "titre": ["Deuxième", "Première", ""],
        "texte": ["", "Commencer là", ""],
        "ressource": [str(item.pk), "", ""],
        "rang": ["2", "1", "3"],
        "etape": ["", "", ""],
    }
    browser(seat).post(reverse("library:path-write"), typed)
    assert list(PathStep.objects.order_by("rank").values_list("title", "item")) == [
        ("Première", None),
        ("Deuxième", item.pk),
    ]


def test_a_step_without_title_or_too_long_is_told_at_its_line_and_nothing_typed_is_lost(seat):
    actions.write_path(seat, [Step("Lire un contrat", "Le premier venu.", None)], at=NOW)
    step = PathStep.objects.get()
    typed = {
        "titre": ["", "Trop long", "Juste"],
        "texte": ["Le premier venu.", "x" * 2600, "a\r\n" * 999],
        "ressource": ["", "", ""],
        "rang": ["1", "2", "3"],
        "etape": [str(step.pk), "", ""],
    }
    answer = browser(seat).post(reverse("library:path-write"), typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Donnez un titre à cette étape" in shown
    assert "600 de trop" in shown
    assert "x" * 2600 in shown
    assert 'href="#titre-1"' in shown
    assert 'href="#texte-2"' in shown
    assert list(PathStep.objects.values_list("title", flat=True)) == ["Lire un contrat"]
    browser(seat).post(
        reverse("library:path-write"), {**typed, "retirer": [str(step.pk)], "texte": ["", "court", typed["texte"][2]]}
    )
    assert list(PathStep.objects.order_by("rank").values_list("title", flat=True)) == ["Trop long", "Juste"]


@pytest.mark.parametrize("words", ["demarrage", "réunions", "heures declarees", "RÉUNION DÉMARRAGES"])
def test_the_head_and_members_find_by_any_form_of_the_words_of_a_text(words, seat, owner):
    item = making.item(seat, title="Préparer une réunion de démarrage", words="Les heures déclarées chaque mois.")
    making.item(seat, title="Autre chose", words="Rien à voir.")
    for viewer in (seat, owner):
        page = queries.items(viewer, kind="", text=words, page=1, today=TODAY)
        assert [row.item for row in page.rows] == [item]


def test_a_search_says_how_much_it_finds_and_keeps_its_words_on_the_next_page(seat, owner):
    for rank in range(queries.PAGE + 2):
        making.item(seat, owner.user, title=f"Relance {rank:02}")
    making.item(seat, owner.user, title="Autre chose", words="Rien à voir.")
    client = browser(owner)
    shown = client.get(reverse("library:home"), {"texte": "relances"}).content.decode()
    assert "42\u202fréponses" in shown.replace("\xa0", "\u202f")
    assert "texte=relances&amp;page=2" in shown
    assert "Relance" in client.get(reverse("library:home"), {"texte": "relances", "page": "999"}).content.decode()


def test_what_was_retired_is_put_back_with_the_step_it_helped(seat, owner):
    item = making.item(seat, owner.user)
    actions.write_path(seat, [Step("Lire un guide", "", item)], at=NOW)
    actions.retire(seat, item.pk, at=NOW)
    assert queries.path(owner, today=TODAY)[0].item is None
    client = browser(seat)
    assert "retirees=1" in client.get(reverse("library:home")).content.decode()
    assert item.title in client.get(reverse("library:home"), {"retirees": "1"}).content.decode()
    client.post(reverse("library:restore", args=[item.pk]))
    assert queries.path(owner, today=TODAY)[0].item.item == item
    actions.retire(seat, item.pk, at=NOW)
    making.item(seat, owner.user)
    with pytest.raises(LibraryRefused, match="déjà"):
        actions.restore(seat, item.pk, at=NOW)


def test_a_webinar_says_its_day(seat):
    with pytest.raises(LibraryRefused, match="date du webinaire"):
        making.item(seat, kind="webinar")


def test_the_head_adds_an_item_and_its_owner_changes_it(seat, owner):
    typed = {
        "kind": "term",
        "title": "Part de main-d’œuvre",
        "words": "Part du montant qui paie du travail.",
        "owner": owner.user.pk,
        "up_to_date_on": "2026-11-01",
        "review_months": "12",
    }
    browser(seat).post(reverse("library:new"), typed)
    item = LibraryItem.objects.get()
    assert item.owner == owner.user
    typed["words"] = "Part du montant d’un marché qui paie du travail."
    typed.pop("owner")
    assert browser(owner).post(reverse("library:change", args=[item.pk]), typed).status_code == 302
    item.refresh_from_db()
    assert (item.words, item.owner) == (typed["words"], owner.user)


@pytest.mark.parametrize("name", ["home", "path"])
def test_pages_cost_the_same_however_much_they_hold(name, seat, owner, assert_max_queries):
    shared = [making.item(seat, owner.user, title=f"Guide {rank}") for rank in range(15)]
    actions.write_path(seat, [Step(f"Étape {rank}", "", item) for rank, item in enumerate(shared)], at=NOW)
    client = browser(owner)
    client.get(reverse("library:home"))
    with assert_max_queries(16):
        assert client.get(reverse(f"library:{name}")).status_code == 200
