"""The daily e-mail: to whom, when, once, and how it stops."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import DatabaseError, connection
from django.urls import reverse

from dentelle.foundations.accounts.models import User
from dentelle.foundations.awaiting.actions import snooze
from dentelle.foundations.digests import actions, content
from dentelle.foundations.digests.actions import choose_days, forget_old, send_due, stop
from dentelle.foundations.digests.content import Collected
from dentelle.foundations.digests.models import Digest
from dentelle.foundations.digests.queries import days_of
from dentelle.foundations.digests.stopping import stop_address, stop_token
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages import delivery
from dentelle.foundations.messages.models import Message, MessageKind
from dentelle.foundations.organisations.models import Structure, StructureStatus
from dentelle.thread.contracts.models import Contract
from tests.contracts.awaited import closing, kickoff, order
from tests.directory.awaited import bounced
from tests.factories import MembershipFactory, NetworkSeatFactory
from tests.network.advocacy.awaited import open_call
from tests.network.agreements.awaited import confirm
from tests.network.agreements.making import partner_seat
from tests.organisations.awaited import requested

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=PARIS)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people_of_old(db: None, settings) -> None:
    """Accounts opened before the morning that is tested."""
    settings.DENTELLE_SITE = "https://dentelle.example"


def send(at: datetime = MONDAY) -> list[Message]:
    """Let the clock turn at a moment; return what is in the outbox, the latest last."""
    User.objects.update(created_at=MONDAY - timedelta(days=30))
    send_due(at)
    return list(Message.objects.filter(kind=MessageKind.DIGEST).order_by("created_at", "to"))


def test_who_has_something_to_do_is_written_to_and_nobody_else(facilitator, reader, manager) -> None:
    kickoff(facilitator)
    [message] = send()
    assert message.to == facilitator.user.email
    assert message.subject == "1 chose vous attend, dont 1 en retard"
    assert "la réunion de démarrage avec le titulaire est à tenir." in message.text
    assert "https://dentelle.example/\n" in message.text
    assert message.structure == facilitator.structure


def test_nothing_is_written_when_nothing_awaits(facilitator) -> None:
    assert send() == []
    assert Digest.objects.get().lines == 0


def test_a_clock_that_turns_twice_writes_once_a_day(facilitator) -> None:
    kickoff(facilitator)
    for minutes in (0, 10, 300):
        assert len(send(MONDAY + timedelta(minutes=minutes))) == 1
    assert len(send(MONDAY + timedelta(days=1))) == 2


def test_what_comes_in_the_day_waits_for_the_next_morning(facilitator) -> None:
    send()
    kickoff(facilitator)
    assert send(MONDAY + timedelta(hours=5)) == []
    assert len(send(MONDAY + timedelta(days=1))) == 1


def test_the_e_mail_stops_by_itself_when_the_cause_is_gone(facilitator) -> None:
    made = order(facilitator)
    assert len(send()) == 1
    made.settle()
    assert len(send(MONDAY + timedelta(days=1))) == 1


def test_what_was_put_off_is_not_written(facilitator) -> None:
    kickoff(facilitator)
    contract = Collected(MONDAY).lines(facilitator)[0]
    snooze(facilitator, contract.key, until=MONDAY.date() + timedelta(days=2), at=MONDAY)
    assert send() == []
    assert len(send(MONDAY + timedelta(days=2))) == 1


@pytest.mark.parametrize(("hour", "count"), [(6, 0), (7, 1), (18, 1), (19, 0), (23, 0)])
def test_e_mails_leave_in_the_day(facilitator, hour, count) -> None:
    kickoff(facilitator)
    assert len(send(MONDAY.replace(hour=hour))) == count


def test_an_account_opened_today_waits_for_tomorrow(facilitator) -> None:
    kickoff(facilitator)
    User.objects.update(created_at=MONDAY - timedelta(minutes=5))
    assert send_due(MONDAY) == 0


def test_nobody_is_written_to_at_the_week_end_unless_they_chose_it(facilitator, manager) -> None:
    kickoff(facilitator)
    kickoff(manager)
    choose_days(manager.user, [5], at=MONDAY)
    saturday = MONDAY + timedelta(days=5)
    assert [message.to for message in send(saturday)] == [manager.user.email]
    assert [message.to for message in send(saturday + timedelta(days=2))][1:] == [facilitator.user.email]


def test_people_who_are_gone_or_whose_structure_is_shut_are_not_written_to(facilitator) -> None:
    kickoff(facilitator)
    User.objects.filter(pk=facilitator.user_id).update(is_active=False)
    assert send() == []
    User.objects.filter(pk=facilitator.user_id).update(is_active=True)
    Structure.objects.filter(pk=facilitator.structure_id).update(status=StructureStatus.CLOSED)
    assert send() == []


def test_a_person_with_two_hats_gets_one_e_mail(facilitator) -> None:
    kickoff(facilitator)
    there = MembershipFactory(user=facilitator.user, facilitator=True, structure__name="PLIE de là-bas")
    closing(there)
    [message] = send()
    assert message.subject.startswith("2 choses vous attendent")
    assert "PLIE de là-bas :" in message.text
    assert message.structure is None


def test_the_head_of_a_network_is_told_of_the_structures_to_approve() -> None:
    head = NetworkSeatFactory()
    requested(head)
    [message] = send()
    assert (message.to, message.structure) == (head.user.email, None)
    assert "Association d’essai" in message.text


def test_the_partner_of_an_agreement_is_told_what_it_owes() -> None:
    seat = partner_seat()
    confirm(seat)
    [message] = [one for one in send() if one.to == seat.user.email]
    assert "Convention locale d’essai" in message.text
    assert "confirmez-le ou contestez-le" in message.text


def test_what_is_asked_of_an_elected_official_is_on_their_page_and_not_in_their_mail_each_morning() -> None:
    official = MembershipFactory(elected_official=True)
    open_call(official)
    assert not [one for one in send() if one.to == official.user.email]


def test_a_long_list_is_told_by_its_beginning(facilitator) -> None:
    for _ in range(13):
        kickoff(facilitator)
    [message] = send()
    assert message.text.count("- Réfection du groupe scolaire") == 10
    assert "Et 3 autres." in message.text


def test_the_e_mail_says_nothing_of_the_people_of_a_company(facilitator) -> None:
    bounced(facilitator)
    [message] = send()
    assert "Jeanne Marchand" not in message.text + message.html
    assert "jeanne.marchand" not in message.text + message.html


def test_titles_people_typed_stay_text_in_the_html_part(facilitator) -> None:
    kickoff(facilitator)
    Contract.objects.update(title="<b>Voirie</b> & réseaux")
    [message] = send()
    assert "<b>Voirie</b> & réseaux" in message.text
    assert "&lt;b&gt;Voirie&lt;/b&gt; &amp; réseaux" in message.html
    assert "<ul><li>" in message.html


def test_people_of_one_role_share_what_is_asked_of_the_rooms(facilitator, monkeypatch) -> None:
    kickoff(facilitator)
    MembershipFactory(structure=facilitator.structure, facilitator=True)
    asked = []
    everything = content.everything
    monkeypatch.setattr(content, "everything", lambda viewer, at: asked.append(viewer) or everything(viewer, at))
    send()
    assert len(asked) == 1


def test_people_of_one_role_are_each_asked_for_when_the_list_is_too_long_to_be_read(facilitator, monkeypatch) -> None:
    colleague = MembershipFactory(structure=facilitator.structure, facilitator=True)
    for who in (facilitator, colleague):
        kickoff(who)
        Contract.objects.filter(facilitator=who.user).update(title=f"Contrat de {who.user.email}")
    monkeypatch.setattr("dentelle.thread.contracts.awaited.MOST", 1)
    written = {message.to: message.text for message in send()}
    assert all(f"Contrat de {who.user.email}" in written[who.user.email] for who in (facilitator, colleague))
    assert all("au moins" not in text for text in written.values())


def test_one_e_mail_that_cannot_be_written_does_not_keep_the_others(facilitator, manager, monkeypatch) -> None:
    kickoff(facilitator)
    kickoff(manager)
    write = actions.send

    def refuse(kind, to, *arguments, **named):
        if to == facilitator.user:
            raise ValueError("no address")
        return write(kind, to, *arguments, **named)

    monkeypatch.setattr(actions, "send", refuse)
    assert [message.to for message in send()] == [manager.user.email]
    monkeypatch.setattr(actions, "send", write)
    assert {message.to for message in send(MONDAY + timedelta(minutes=10))} == {
        facilitator.user.email,
        manager.user.email,
    }


def test_the_headers_let_a_mail_programme_stop_it_in_one_click(facilitator, client) -> None:
    kickoff(facilitator)
    [message] = send()
    delivery.deliver(message.pk, at=MONDAY)
    [sent] = mail.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert address == stop_address(facilitator.user)
    # without cookie, session nor page opened first
    strict = client.__class__(enforce_csrf_checks=True)
    answer = strict.post(address.removeprefix("https://dentelle.example"), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert days_of(facilitator.user) == ""
    assert len(send(MONDAY + timedelta(days=1))) == 1


def test_opening_the_address_changes_nothing(facilitator, client) -> None:
    address = reverse("digests:stop", kwargs={"token": stop_token(facilitator.user)})
    assert "Ne plus le recevoir" in client.get(address).content.decode()
    assert client.head(address).status_code == 200
    assert days_of(facilitator.user) == "01234"


@pytest.mark.parametrize("token", ["1", "1.abc", "x.y", "é"])
def test_an_address_that_was_forged_is_nobodys(facilitator, client, token) -> None:
    assert client.post(reverse("digests:stop", kwargs={"token": token})).status_code == 404


def test_stopping_leaves_a_line_in_the_journal(facilitator) -> None:
    stop(facilitator.user, at=MONDAY)
    assert Entry.objects.filter(act="digest.stopped", actor=facilitator.user).count() == 1


def test_days_are_chosen_on_ones_own_page(facilitator, client_of) -> None:
    client = client_of(facilitator)
    page = client.get(reverse("digests:days")).content.decode()
    assert page.count("checked") == 5
    client.post(reverse("digests:days"), {"days": ["0", "3"]})
    assert days_of(facilitator.user) == "03"
    account = client.get("/compte/").content.decode()
    assert "lundi, jeudi" in account
    client.post(reverse("digests:days"), {})
    assert "Vous n’en recevez pas." in client.get("/compte/").content.decode()
    assert client.post(reverse("digests:days"), {"days": ["9"]}).status_code == 422


def test_the_preview_shows_what_would_leave_and_sends_nothing(facilitator, client_of) -> None:
    client = client_of(facilitator)
    assert "Rien ne partirait maintenant" in client.get(reverse("digests:preview")).content.decode()
    kickoff(facilitator)
    page = client.get(reverse("digests:preview")).content.decode()
    assert "la réunion de démarrage avec le titulaire est à tenir." in page
    assert not Message.objects.exists()
    assert not Digest.objects.exists()


def test_traces_are_forgotten_after_three_months(facilitator) -> None:
    for days in (0, 100):
        Digest.objects.create(user=facilitator.user, day=MONDAY.date() - timedelta(days=days))
    assert forget_old(MONDAY) == 1


def test_a_worker_overtaken_by_another_writes_nothing(facilitator, monkeypatch) -> None:
    kickoff(facilitator)
    compute = actions.content_of

    def overtaken(user, collected):
        monkeypatch.setattr(actions, "content_of", compute)
        assert actions.send_digest(user, Collected(MONDAY))  # the other worker, between our reading and our writing
        return compute(user, collected)

    monkeypatch.setattr(actions, "content_of", overtaken)
    assert not actions.send_digest(facilitator.user, Collected(MONDAY))
    assert Message.objects.filter(kind=MessageKind.DIGEST).count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="tests share one SQLite database in memory between threads")
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_e_mail(facilitator) -> None:
    kickoff(facilitator)
    User.objects.update(created_at=MONDAY - timedelta(days=30))
    together, failures = threading.Barrier(2), []

    def work() -> None:
        try:
            collected = Collected(MONDAY)
            collected.lines(facilitator)
            together.wait(timeout=30)
            actions.send_digest(User.objects.get(pk=facilitator.user_id), collected)
        except DatabaseError as failure:
            failures.append(failure)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert Message.objects.filter(kind=MessageKind.DIGEST).count() == 1
