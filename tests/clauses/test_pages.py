from datetime import timedelta

import pytest
from django.utils import timezone

from dentelle.foundations.journal.models import Entry
from dentelle.thread.clauses import actions
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.clauses.prefill import initial_of
from dentelle.thread.clauses.workbench import content_of, open_form
from dentelle.thread.purchases.queries import KnownContract
from tests.clauses.making import OVERRIDDEN, TODAY, draft, saved, typed
from tests.factories import NOW

pytestmark = pytest.mark.django_db
NEW = "/calibrages/nouveau"


def contract(**changes):
    facts = {
        "contract_key": "k1",
        "object": "Entretien des espaces verts",
        "buyer_name": None,
        "buyer_id": "21350001600012",
        "buyer_kind": "local",
        "contract_kind": "services",
        "cpv": "77310000",
        "amount_cents": 240_000_050,
        "amount_kind": "price",
        "need_amount_cents": 240_000_050,
        "need_lots": 1,
        "is_subsequent": False,
        "duration_months": 36,
        "estimated_end": None,
        "estimated_launch": None,
        "place_area": None,
        "required": "yes",
    }
    return KnownContract(**{**facts, **changes})


def text(response):
    return response.content.decode()


def test_a_calibration_starts_from_a_contract_with_its_arithmetic_done(facilitator, client_of, monkeypatch):
    monkeypatch.setattr("dentelle.thread.clauses.views.contract", lambda key: contract() if key == "k1" else None)
    page = text(client_of(facilitator).get(NEW, {"achat": "k1"}))
    assert "Entretien des espaces verts" in page
    assert "SIRET 21350001600012 (nom inconnu)" in page
    assert 'value="2\u202f400\u202f000,50"' in page
    assert "c’est le prix attribué au contrat précédent, pas l’estimation du prochain" in page
    assert "h d’insertion" in page


def test_what_a_contract_gives_can_be_kept_as_it_is(facilitator):
    bench = open_form(initial_of(contract(), today=TODAY), facilitator, today=TODAY)
    kept = actions.create_calibration(facilitator, content_of(bench), at=NOW)
    assert kept.contract_key == "k1"
    assert kept.inputs["typed"]["trade"] == "green_space_maintenance"
    assert kept.result["sheet"]["amount_origin"] == "award"


def test_a_framework_ceiling_is_called_a_ceiling(facilitator, client_of, monkeypatch):
    monkeypatch.setattr("dentelle.thread.clauses.views.contract", lambda key: contract(amount_kind="ceiling"))
    assert "plafond de l’accord-cadre précédent" in text(client_of(facilitator).get(NEW, {"achat": "k1"}))


def test_an_amount_corrected_by_hand_is_an_estimate_again(facilitator, client_of):
    from_data = {"published_amount": "1 000 000", "published_kind": "award"}
    client = client_of(facilitator)
    assert "prix attribué" in text(client.post(NEW, typed(act="compute", **from_data)))
    assert "Prix attribué" not in text(client.post(NEW, typed(act="compute", amount="900 000", **from_data))).replace(
        "c’est le prix attribué", ""
    )


def test_a_contract_that_is_not_in_the_data_leaves_the_form_to_fill(facilitator, client_of):
    response = client_of(facilitator).get(NEW, {"achat": "inconnu"})
    assert response.status_code == 200
    assert "n’est pas dans les données chargées" in text(response)


def test_computing_keeps_nothing(facilitator, client_of):
    page = text(client_of(facilitator).post(NEW, typed(act="compute", title="")))
    assert "833\u00a0h d’insertion" in page
    assert not Calibration.objects.exists()
    assert not Entry.objects.exists()


def test_the_preview_answers_while_typing(facilitator, client_of, assert_max_queries):
    client = client_of(facilitator)
    with assert_max_queries(5):
        response = client.post("/calibrages/apercu", typed(title=""), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="apercu")
    assert "<html" not in text(response)
    assert "833\u00a0h d’insertion" in text(response)


def test_the_preview_says_what_is_missing(facilitator, client_of):
    page = text(client_of(facilitator).post("/calibrages/apercu", typed(amount="", launched_on="")))
    assert 'href="#id_amount"' in page
    assert 'href="#id_launched_on"' in page


def test_coefficients_follow_the_trade(facilitator, client_of):
    page = text(
        client_of(facilitator).post("/calibrages/apercu", typed(trade="cleaning"), HTTP_HX_TARGET="coefficients")
    )
    assert 'name="own-trades.cleaning"' in page
    assert "trades.masonry" not in page


def test_errors_are_listed_and_tied_to_their_fields_and_nothing_is_lost(facilitator, client_of):
    response = client_of(facilitator).post(
        NEW,
        typed(act="save", duration_months="4 ans", **{"own-clause.hourly_cost": "42", "variant-0-effort_rate": "10 %"}),
    )
    page = text(response)
    assert response.status_code == 422
    assert "À corriger" in page
    assert "écrivez un nombre de mois (par exemple 48)" in page
    assert 'aria-invalid="true"' in page
    for kept in (
        "4 ans",
        'value="42"',
        'value="10 %"',
        "Réfection du groupe scolaire",
        "Maçonnerie et reprise des façades",
    ):
        assert kept in page
    assert not Calibration.objects.exists()


def test_a_missing_title_hides_no_result(facilitator, client_of):
    response = client_of(facilitator).post(NEW, typed(act="save", title=""))
    assert response.status_code == 422
    assert "Donnez un intitulé" in text(response)
    assert "833\u00a0h d’insertion" in text(response)
    assert not Calibration.objects.exists()


def test_saving_opens_the_kept_calibration(facilitator, client_of):
    response = client_of(facilitator).post(NEW, typed(act="save", **OVERRIDDEN), follow=True)
    page = text(response)
    assert response.redirect_chain == [(f"/calibrages/{Calibration.objects.get().pk}/", 302)]
    assert "595\u00a0h d’insertion" in page
    assert "Devis de trois entreprises" in page
    assert facilitator.user.full_name in page


def test_a_draft_needs_only_a_title(facilitator, client_of):
    client_of(facilitator).post(
        NEW, {"act": "draft", "title": "À voir avec la commune", "method": "amount", "amount": "beaucoup"}
    )
    kept = Calibration.objects.get()
    assert (kept.status, kept.inputs["typed"]["amount"]) == ("draft", "beaucoup")
    assert "beaucoup" in text(client_of(facilitator).get(f"/calibrages/{kept.pk}/modifier"))


def test_a_reader_computes_but_does_not_save(reader, client_of):
    client = client_of(reader)
    assert "Enregistrer le calibrage" not in text(client.get(NEW))
    response = client.post(NEW, typed(act="save"))
    assert response.status_code == 403
    assert "Votre rôle permet de calculer, pas d’enregistrer" in text(response)
    assert not Calibration.objects.exists()


def test_a_reader_finds_no_door_to_changes(facilitator, reader, client_of):
    calibration = saved(facilitator)
    client = client_of(reader)
    page = text(client.get(f"/calibrages/{calibration.pk}/"))
    assert "Modifier" not in page
    assert client.get(f"/calibrages/{calibration.pk}/modifier").status_code == 404
    for act in ("dupliquer", "partages"):
        assert client.post(f"/calibrages/{calibration.pk}/{act}").status_code == 404
    assert client.get(f"/calibrages/{calibration.pk}/note.pdf").status_code == 200


def test_another_structure_finds_nothing(facilitator, outsider, client_of):
    calibration = saved(facilitator)
    client = client_of(outsider)
    for page in ("", "modifier", "recalculer", "note.pdf", "note.docx"):
        assert client.get(f"/calibrages/{calibration.pk}/{page}").status_code == 404


def test_the_second_of_two_people_is_told_who_saved_and_keeps_what_was_typed(facilitator, manager, client_of):
    calibration = saved(facilitator)
    client_of(manager).post(f"/calibrages/{calibration.pk}/modifier", typed(act="save", amount="2 000 000", revision=1))
    response = client_of(facilitator).post(
        f"/calibrages/{calibration.pk}/modifier", typed(act="save", amount="3 000 000", revision=1)
    )
    page = text(response)
    assert response.status_code == 409
    assert f"{manager.user.full_name} l’a enregistré" in page
    assert 'value="3 000 000"' in page
    calibration.refresh_from_db()
    assert calibration.hours == 1_667


def test_after_a_conflict_one_chooses_to_keep_apart_or_to_replace(facilitator, manager, client_of):
    calibration = saved(facilitator)
    address = f"/calibrages/{calibration.pk}/modifier"
    client_of(manager).post(address, typed(act="save", amount="2 000 000", revision=1))
    client = client_of(facilitator)
    client.post(address, typed(act="copy", amount="3 000 000", revision=2))
    assert set(Calibration.objects.values_list("hours", flat=True)) == {1_667, 2_500}
    client.post(address, typed(act="replace", amount="3 000 000", revision=2))
    calibration.refresh_from_db()
    assert calibration.hours == 2_500


@pytest.mark.parametrize("revision", ["", "abc", "-1", "99999999999999999999"])
def test_a_save_without_a_true_revision_overwrites_nothing(facilitator, client_of, revision):
    calibration = saved(facilitator)
    response = client_of(facilitator).post(
        f"/calibrages/{calibration.pk}/modifier", typed(act="save", amount="2 000 000", revision=revision)
    )
    assert response.status_code == 409
    calibration.refresh_from_db()
    assert calibration.hours == 833


def test_a_copy_opens_for_changes_as_the_next_version(facilitator, client_of):
    calibration = saved(facilitator)
    response = client_of(facilitator).post(f"/calibrages/{calibration.pk}/dupliquer", follow=True)
    assert "version 2" in text(response)
    assert "1 000 000" in text(response)


def test_an_empty_list_says_what_to_do(facilitator, client_of):
    page = text(client_of(facilitator).get("/calibrages/"))
    assert "data-empty-state" in page
    assert NEW in page


def test_the_list_takes_few_queries_however_long(facilitator, client_of, assert_max_queries):
    for rank in range(12):
        saved(facilitator, title=f"Calibrage {rank}")
    client = client_of(facilitator)
    with assert_max_queries(8):
        page = text(client.get("/calibrages/", {"texte": "calibrage"}))
    assert "12\u202fcalibrages" in page


def test_a_calibration_takes_few_queries(facilitator, client_of, assert_max_queries):
    calibration = saved(facilitator, **OVERRIDDEN)
    client = client_of(facilitator)
    with assert_max_queries(11):
        client.get(f"/calibrages/{calibration.pk}/")


def test_notes_are_downloaded_under_a_name_that_says_what_they_are(facilitator, client_of):
    calibration = saved(facilitator)
    client = client_of(facilitator)
    pdf, word = (client.get(f"/calibrages/{calibration.pk}/note.{kind}") for kind in ("pdf", "docx"))
    assert pdf.content.startswith(b"%PDF-1.7")
    assert word.content.startswith(b"PK")
    assert pdf["Content-Disposition"] == f'attachment; filename="note-de-calibrage-{calibration.pk}-v1.pdf"'
    assert "no-store" in word["Cache-Control"]


def test_a_draft_has_no_note(facilitator, client_of):
    assert client_of(facilitator).get(f"/calibrages/{draft(facilitator).pk}/note.pdf").status_code == 404


def test_reading_pages_writes_nothing(facilitator, client_of):
    calibration = saved(facilitator)
    lines = Entry.objects.count()
    before = Calibration.objects.values().get()
    client = client_of(facilitator)
    for page in ("", "modifier", "recalculer", "note.pdf", "note.docx"):
        client.get(f"/calibrages/{calibration.pk}/{page}")
    assert Entry.objects.count() == lines
    assert Calibration.objects.values().get() == before


def test_a_buyer_reads_the_link_without_account_until_it_is_closed(facilitator, client_of, client):
    calibration = saved(facilitator, at=timezone.now())
    owner = client_of(facilitator)
    made = text(owner.post(f"/calibrages/{calibration.pk}/partages", {"days": "30"}))
    address = made.split('value="http://testserver')[1].split('"')[0]
    page = client.get(address)
    assert page.status_code == 200
    assert "833\u00a0h d’insertion" in text(page)
    assert facilitator.user.full_name in text(page)
    assert facilitator.user.email not in text(page)
    assert "Journal" not in text(page)
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow, noarchive", "no-referrer")
    assert client.get(f"{address}note.pdf").content.startswith(b"%PDF")
    owner.post(f"/calibrages/{calibration.pk}/partages/{calibration.shares.get().pk}/fermer")
    assert client.get(address).status_code == 404
    assert client.get(f"{address}note.pdf").status_code == 404


def test_a_link_that_has_ended_answers_like_one_that_never_was(facilitator, client):
    long_ago = timezone.now() - timedelta(days=100)
    _, token = actions.share_calibration(facilitator, saved(facilitator).pk, at=long_ago)
    assert client.get(f"/calibrages/partage/{token}/").status_code == 404
    assert client.get("/calibrages/partage/jamais-fait/").status_code == 404


def test_the_link_is_shown_once(facilitator, client_of):
    calibration = saved(facilitator, at=NOW)
    client = client_of(facilitator)
    made = client.post(f"/calibrages/{calibration.pk}/partages", {"days": "90"})
    assert "/calibrages/partage/" in text(made)
    assert "/calibrages/partage/" not in text(client.get(f"/calibrages/{calibration.pk}/"))


def test_a_length_outside_the_list_is_refused(facilitator, client_of):
    calibration = saved(facilitator)
    client_of(facilitator).post(f"/calibrages/{calibration.pk}/partages", {"days": "9999"})
    assert not calibration.shares.exists()
