"""The pages of practices, as each person meets them."""

import pytest
from django.urls import reverse

from dentelle.network.practices import actions
from dentelle.network.practices.models import Practice, PracticeVersion, VersionState
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.rules.practices import ANSWERED
from tests.contracts import making as contracts
from tests.factories import NOW
from tests.practices import making

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Une navette pour la zone d’activités",
    "themes": ["mobility", "partnerships"],
    "milestones": "Tour de table\nPremier trajet\n",
    "fte": "0,5",
    "budget_cents": "12 500",
    "result_1_what": "Passagers",
    "result_1_value": "17 par jour",
}


def page(client, name, **kwargs):
    return client.get(reverse(f"practices:{name}", kwargs=kwargs)).content.decode()


def test_a_draft_needs_a_title_only_and_keeps_what_was_typed(facilitator, client_of):
    client = client_of(facilitator)
    refused = client.post(reverse("practices:new"), {"summary": "Sans titre"})
    assert (refused.status_code, Practice.objects.count()) == (422, 0)
    client.post(reverse("practices:new"), TYPED)
    content = PracticeVersion.objects.get().content
    assert content["milestones"] == ["Tour de table", "Premier trajet"]
    assert (content["fte"], content["budget_cents"]) == (50, 1_250_000)
    assert content["results"] == [{"what": "Passagers", "value": "17 par jour", "source": "", "period": ""}]
    pk = Practice.objects.get().pk
    shown = page(client, "edit", pk=pk)
    assert 'value="0,5"' in shown
    assert "Premier trajet" in shown
    assert "il manque" in page(client, "detail", pk=pk)


def test_the_way_of_a_sheet_on_screen(facilitator, client_of, client):
    practice = making.draft(facilitator)
    client_of(facilitator).post(reverse("practices:act", kwargs={"pk": practice.pk, "code": "proposer"}))
    reviewer = client_of(making.neighbour_of(facilitator))
    assert practice.versions.get().title in page(reviewer, "list")
    half = reviewer.post(reverse("practices:review", kwargs={"pk": practice.pk}), {"context": "2"})
    assert half.status_code == 422
    reviewer.post(reverse("practices:review", kwargs={"pk": practice.pk}), {one.code: "1" for one in ANSWERED})
    client.force_login(making.head_of(facilitator).user)
    client.post(reverse("practices:head-act", kwargs={"pk": practice.pk, "code": "publier"}))
    assert practice.versions.get().state == VersionState.PUBLISHED
    shown = page(reviewer, "detail", pk=practice.pk)
    assert "Profil de transfert" in shown
    assert "sur 20" not in shown
    reviewer.post(
        reverse("practices:tried", kwargs={"pk": practice.pk}),
        {"outcome": "partly", "told": "Dix personnes sont venues."},
    )
    assert "Dix personnes sont venues." in page(client_of(facilitator), "detail", pk=practice.pk)


def test_the_list_answers_words_and_facets(facilitator, client_of):
    making.published(facilitator)
    making.published(facilitator, title="Un covoiturage abandonné", outcome="failed", themes=["mobility"])
    client = client_of(facilitator)
    address = reverse("practices:list")
    found = client.get(address, {"texte": "creches", "issue": "worked"}).content.decode()
    assert "Une crèche à horaires décalés" in found
    assert "covoiturage abandonné" not in found
    assert "Aucune pratique ne répond" in client.get(address, {"texte": "xqzxq"}).content.decode()
    assert client.get(address, {"issue": "nimporte", "apres": "abc", "region": "%%%"}).status_code == 200


def test_who_only_reads_sees_no_act(facilitator, reader, client_of):
    practice = making.published(facilitator)
    shown = page(client_of(reader), "detail", pk=practice.pk) + page(client_of(reader), "list")
    assert "Essayé chez nous" not in shown
    assert "Raconter une pratique" not in shown
    assert '<form method="post" action="/pratiques' not in shown


def test_the_pages_of_a_contract_and_of_a_calibration_leave_a_place_for_practices(facilitator, client_of):
    making.published(facilitator, title="Nettoyage de bureaux le jour")
    contract = contracts.contract(facilitator, title="Nettoyage des bureaux")
    client = client_of(facilitator)
    shown = client.get(reverse("contracts:detail", kwargs={"pk": contract.pk})).content.decode()
    assert "/pratiques/proches?texte=Nettoyage" in shown
    near = client.get(reverse("practices:near"), {"texte": "nettoyage des bureaux"}).content.decode()
    assert "Nettoyage de bureaux le jour" in near
    assert client.get(reverse("practices:near"), {"texte": "xqzxq"}).content.decode().strip() == ""


@pytest.mark.parametrize("name", ["list", "detail"])
def test_a_page_asks_few_queries(name, facilitator, client_of, assert_max_queries):
    practice = making.published(facilitator)
    for rank in range(6):
        making.published(facilitator, title=f"Crèche {rank}")
    client, known = client_of(facilitator), {"pk": practice.pk} if name == "detail" else {}
    page(client, name, **known)
    with assert_max_queries(20):
        page(client, name, **known)


def test_only_trials_that_worked_at_least_in_part_lengthen_the_bar_and_narrow_the_list(facilitator, client_of):
    practice = making.published(facilitator)
    # answered by a reviewer before trials were counted
    PracticeVersion.objects.update(profile={**making.PROFILE, "replicated": 3})
    client = client_of(making.neighbour_of(facilitator))
    asked = reverse("practices:list") + "?transfert=replicated"

    def bar():
        return client.get(reverse("practices:detail", kwargs={"pk": practice.pk})).context["sheet"].profile[-1]

    assert (bar().value, bar().words) == (0, "par aucun membre")
    assert client.get(asked).context["rows"] == []
    tried = reverse("practices:tried", kwargs={"pk": practice.pk})
    client.post(tried, {"outcome": "failed", "told": "Personne n’est venu."})
    assert (bar().value, bar().words) == (0, "par 1\u202fmembre, sans succès")
    assert client.get(asked).context["rows"] == []
    client.post(tried, {"outcome": "partly", "told": "Dix personnes sont venues."})
    assert (bar().value, bar().words) == (2, "par 1\u202fmembre")
    assert [row.pk for row, _ in client.get(asked).context["rows"]] == [practice.pk]
    actions.say_tried(making.neighbour_of(facilitator), practice.pk, outcome="failed", told="Personne.", at=NOW)
    assert (bar().value, bar().words) == (2, "par 2\u202fmembres, dont 1 sans succès")
    client.post(tried, {"outcome": "failed", "told": "Les dix sont reparties."})
    assert (bar().value, bar().words) == (0, "par 2\u202fmembres, sans succès")
    assert client.get(asked).context["rows"] == []


def test_a_trial_said_over_another_is_told_and_the_former_words_stay(facilitator, client_of):
    practice = making.published(facilitator)
    client = client_of(making.neighbour_of(facilitator))
    tried = reverse("practices:tried", kwargs={"pk": practice.pk})
    first = client.post(tried, {"outcome": "failed", "told": "Personne n’est venu."}, follow=True).content.decode()
    assert "Merci" in first
    assert "les mots d’avant restent lisibles" in client.get(tried).content.decode()
    # a second tab, opened before the first was sent
    second = client.post(tried, {"outcome": "worked", "told": "Vingt personnes."}, follow=True).content.decode()
    assert "Merci" not in second
    assert "C’est redit" in second
    assert "Personne n’est venu." in second
    assert "Vingt personnes." in second


def test_a_question_without_answer_leads_to_one_that_has(facilitator, client_of):
    making.published(facilitator, title="Une navette rurale", summary="Un minibus.", themes=["mobility"])
    making.published(facilitator, title="Une crèche", themes=["childcare"])
    client, here = client_of(facilitator), reverse("practices:list")
    misspelt = client.get(here, {"texte": "moblité", "issue": "failed"}).context
    assert (misspelt["rows"], misspelt["instead"].spelling) == ([], "mobilité")
    assert [row.title for row, _ in client.get(misspelt["spelt_url"]).context["rows"]] == ["Une navette rurale"]
    assert [each.label for each, _ in misspelt["theme_urls"]] == ["Garde d’enfants", "Mobilité"]
    assert len(client.get(misspelt["theme_urls"][0][1]).context["rows"]) == 1
    narrowed = client.get(here, {"texte": "crèche", "issue": "failed"}).context
    assert (narrowed["rows"], narrowed["spelt_url"]) == ([], "")
    assert len(client.get(narrowed["widened_url"]).context["rows"]) == 1
    nothing = client.get(here, {"texte": "xqzxq"}).context
    assert (nothing["spelt_url"], nothing["widened_url"]) == ("", "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("apprentisage", "apprentissage"),
        ("l’apprentisage", "apprentissage"),
        ("vetairans", "vétérans"),
        ("bibliotek", "bibliothèque"),
    ],
)
def test_a_word_of_a_summary_or_of_the_text_is_respelt_too(typed, meant, facilitator, client_of):
    making.published(
        facilitator,
        title="Une école de chantier",
        summary="Six places d’apprentissage, chaque année.",
        description="Des vétérans de l’entreprise accompagnent.",
        results=[{"what": "Livres prêtés (bibliothèque)"}],
    )
    client, here = client_of(facilitator), reverse("practices:list")
    page = client.get(here, {"texte": typed}).context
    assert (page["rows"], page["instead"].spelling) == ([], meant)
    assert [row.title for row, _ in client.get(page["spelt_url"]).context["rows"]] == ["Une école de chantier"]


def test_a_question_without_answer_asks_few_queries(facilitator, client_of, assert_max_queries):
    making.published(facilitator)
    client = client_of(facilitator)
    client.get(reverse("practices:list"))
    with assert_max_queries(24):
        client.get(reverse("practices:list"), {"texte": "moblité xqzxq", "issue": "failed"})


def public(client, practice, version=""):
    return client.get(reverse("practices:public", kwargs={"pk": practice.pk}), {"version": version} if version else {})


def test_a_sheet_under_an_open_licence_is_read_by_anyone_without_names(facilitator, client, client_of):
    practice = making.published(facilitator)
    version = practice.published
    names = {"contact_name": "Aïcha Contact", "contact_email": "aicha@essai.example", "author": "Paul Auteur"}
    version.content = {**version.content, **names}
    version.save()
    neighbour = making.neighbour_of(facilitator)
    actions.say_tried(neighbour, practice.pk, outcome="failed", told="Mots pour le réseau.", at=NOW)
    shown = public(client, practice).content.decode()
    assert "9 sur 11" in shown
    assert "Licence Ouverte 2.0" in shown
    assert facilitator.structure.name in shown
    for name in ("Aïcha", "aicha@", "Paul Auteur", "Mots pour le réseau", neighbour.structure.name):
        assert name not in shown, name
    assert "se lit aussi hors du réseau" in page(client_of(neighbour), "detail", pk=practice.pk)


@pytest.mark.parametrize("changed", [{"licence": "network"}, {"consent": False}])
def test_a_sheet_kept_to_the_network_or_not_agreed_to_has_no_public_page(changed, facilitator, client, client_of):
    practice = making.published(facilitator)
    version = practice.published
    version.content = {**version.content, **changed}
    version.save()
    assert public(client, practice).status_code == 404
    assert "se lit aussi hors du réseau" not in page(client_of(facilitator), "detail", pk=practice.pk)


def test_a_draft_and_an_archived_sheet_have_no_public_page(facilitator, client):
    assert public(client, making.reviewed(facilitator)).status_code == 404
    practice = making.published(facilitator)
    assert public(client, practice, "1").status_code == 200
    assert public(client, practice, "2").status_code == 404
    actions.archive(making.head_of(facilitator), practice.pk, "Doublon", at=NOW)
    assert public(client, practice).status_code == 404


def test_a_sheet_closed_again_takes_its_former_versions_with_it(facilitator, client):
    practice = making.published(facilitator)
    actions.write(facilitator, practice.pk, {**making.CONTENT, "licence": "network"}, at=NOW)
    actions.submit(facilitator, practice.pk, at=NOW)
    actions.review(making.neighbour_of(facilitator), practice.pk, making.PROFILE, "", at=NOW)
    assert public(client, practice, "1").status_code == 200
    actions.publish(making.head_of(facilitator), practice.pk, at=NOW)
    assert [public(client, practice, number).status_code for number in ("", "1", "2")] == [404, 404, 404]


def test_a_text_longer_than_its_field_is_refused_and_kept_whole(facilitator, client_of):
    long = "m" * 2_001
    refused = client_of(facilitator).post(reverse("practices:new"), {**TYPED, "difficulties": long})
    assert (refused.status_code, Practice.objects.count()) == (422, 0)
    assert long in refused.content.decode()


@pytest.mark.parametrize(
    ("milestones", "why"),
    [("\n".join("abcdef"), "5 lignes au plus\u00a0: il y en a 6."), ("m" * 301, "Une ligne tient en 300 caractères")],
)
def test_lines_too_many_or_too_long_are_refused_rather_than_cut(milestones, why, facilitator, client_of):
    refused = client_of(facilitator).post(reverse("practices:new"), {**TYPED, "milestones": milestones})
    assert (refused.status_code, Practice.objects.count()) == (422, 0)
    assert why in refused.content.decode()


def test_a_reason_too_long_to_be_kept_is_refused_where_it_was_typed(facilitator, client_of):
    practice = making.published(facilitator)
    long = "m" * 501
    client = client_of(making.head_of(facilitator))
    refused = client.post(
        reverse("practices:head-act", kwargs={"pk": practice.pk, "code": "archiver"}), {"reason": long}
    )
    assert refused.status_code == 422
    assert long in refused.content.decode()
    practice.refresh_from_db()
    assert practice.archived_on is None
    with pytest.raises(PracticeRefused, match="501"):
        actions.archive(making.head_of(facilitator), practice.pk, long, at=NOW)
