"""The same form sent twice acts once, on every form of the site, with no script at all."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import dentelle
from dentelle.foundations.jobs.models import Job
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.sent_forms.actions import forget_old
from dentelle.foundations.sent_forms.models import SentForm
from dentelle.thread.clauses.models import Calibration, CalibrationShare
from dentelle.thread.purchases.models import SavedView
from tests.clauses.making import saved, typed
from tests.factories import NOW, MembershipFactory, NetworkSeatFactory

pytestmark = pytest.mark.django_db
KEY, OTHER = "0" * 31 + "1", "0" * 31 + "2"
NEW = "/calibrages/nouveau"
TEMPLATES = Path(dentelle.__file__).parent.rglob("templates/**/*.html")
# They are sent by somebody who acts for nobody: whoever signs in, leaves, changes hats, minds their own account, or holds
# a link received by e-mail, which serves once by itself.
WITHOUT_KEY = {
    "base.html",
    "signin",
    "invitations/accept.html",
    "invitations/link.html",
    "invitations/link_closed.html",
    "clauses/received.html",
    "tour/public_stage.html",  # who has a place keeps it, however often it is asked for
    "tour/leave.html",  # given back twice, a place is given back
    "practices/agree.html",  # by a link, without an account: an answer is given once, the second finds it given
    "surveys/part.html",  # it saves itself as it is typed: the same draft, as often as one likes
}


def test_a_calibration_sent_twice_is_one_calibration(facilitator, client_of):
    client = client_of(facilitator)
    form = typed(act="save", form_key=KEY)
    first, second = client.post(NEW, form), client.post(NEW, form, follow=True)
    assert Calibration.objects.count() == 1
    assert second.redirect_chain[0][0] == first["Location"]
    assert "il n’a servi qu’une fois" in second.content.decode()
    assert Entry.objects.count() == 1


def test_the_page_of_a_form_carries_a_key_of_its_own_each_time(facilitator, client_of):
    client = client_of(facilitator)
    keys = {re.search(r'name="form_key" value="(\w+)"', client.get(NEW).content.decode())[1] for _ in range(2)}
    assert len(keys) == 2


def test_a_refused_form_may_be_sent_again(facilitator, client_of):
    client = client_of(facilitator)
    assert client.post(NEW, typed(act="save", title="", form_key=KEY)).status_code == 422
    assert client.post(NEW, typed(act="save", title="", form_key=KEY)).status_code == 422
    assert client.post(NEW, typed(act="save", form_key=KEY)).status_code == 302
    assert not SentForm.objects.exclude(location__startswith="/calibrages/").exists()


@pytest.mark.parametrize("changed", [{"form_key": OTHER}, {"title": "Un autre"}])
def test_another_page_or_another_text_is_another_form(facilitator, client_of, changed):
    client = client_of(facilitator)
    client.post(NEW, typed(act="save", form_key=KEY))
    client.post(NEW, typed(**{"act": "save", "form_key": KEY, **changed}))
    assert Calibration.objects.count() == 2


def test_two_people_may_send_the_same_thing(facilitator, client_of):
    colleague = MembershipFactory(structure=facilitator.structure, facilitator=True)
    for person in (facilitator, colleague):
        client_of(person).post(NEW, typed(act="save", form_key=KEY))
    assert Calibration.objects.count() == 2


def test_computing_and_the_live_preview_leave_nothing_behind(facilitator, client_of):
    client = client_of(facilitator)
    client.post(NEW, typed(act="compute", form_key=KEY))
    client.post("/calibrages/apercu", typed(form_key=KEY), HTTP_HX_REQUEST="true")
    assert not SentForm.objects.exists()


@pytest.mark.parametrize(
    ("address", "form", "kind"),
    [
        ("/achats/export/", {"format": "csv", "query": "", "colonnes": ["objet"]}, Job),
        ("/achats/vues/", {"nom": "Ménage", "query": "cpv=90"}, SavedView),
        ("/calibrages/{pk}/dupliquer", {}, Calibration),
        ("/calibrages/{pk}/partages", {"days": "30"}, CalibrationShare),
    ],
)
def test_every_act_of_the_site_happens_once(facilitator, client_of, address, form, kind):
    client, address = client_of(facilitator), address.format(pk=saved(facilitator).pk)
    before = kind.objects.count()
    answers = [client.post(address, {**form, "form_key": KEY}) for _ in range(2)]
    assert kind.objects.count() == before + 1
    assert answers[1].status_code == 302


def test_the_head_of_a_network_acts_once_too(client):
    head = NetworkSeatFactory()
    client.force_login(head.user)
    form = {"name": "Maison d’essai", "kind": "maison_emploi", "form_key": KEY}
    answers = [client.post("/reseau/nouvelle/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert head.network.structures.count() == 1


def test_the_same_form_under_another_hat_is_another_form(facilitator, client_of):
    elsewhere = MembershipFactory(user=facilitator.user, facilitator=True)
    client = client_of(facilitator)
    client.post(NEW, typed(act="save", form_key=KEY))
    client.post("/agir-pour/", {"hat": f"membership:{elsewhere.pk}"})
    client.post(NEW, typed(act="save", form_key=KEY))
    assert set(Calibration.objects.values_list("structure", flat=True)) == {
        facilitator.structure_id,
        elsewhere.structure_id,
    }


@pytest.mark.parametrize("path", sorted(TEMPLATES), ids=lambda path: path.name)
def test_every_form_that_acts_carries_a_key(path):
    text = path.read_text(encoding="utf-8")
    if not {path.name, path.parent.name, f"{path.parent.name}/{path.name}"} & WITHOUT_KEY:
        assert text.count("{% form_key %}") == text.count("{% csrf_token %}")


def test_what_was_sent_is_forgotten_after_a_few_days(facilitator):
    for age in (1, 3):
        SentForm.objects.create(
            structure=facilitator.structure,
            user=facilitator.user,
            fingerprint=str(age),
            sent_at=NOW - timedelta(days=age),
        )
    assert forget_old(NOW) == 1
    assert SentForm.objects.get().fingerprint == "1"
