"""A message exists when its act does, leaves once, is tried again when the server fails, and says why it did not leave."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, policy
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import transaction
from django.test.utils import override_settings

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages import actions, delivery
from dentelle.foundations.messages.models import Message
from dentelle.foundations.messages.queries import message_of
from tests.factories import NOW, UserFactory

BACKEND = "django.core.mail.backends.locmem.EmailBackend.send_messages"


def written(*, kind="immediate", to="nadia@essai.example", at=NOW, **given):
    subject = given.pop("subject", "Votre mot de passe a changé")
    context = {"subject": subject, "reset_url": "https://essai.example/mot-de-passe/"}
    return actions.send(
        kind,
        to,
        subject,
        "signin/mail/changed.txt",
        context | given,
        at=at,
        structure=None,
    )


@pytest.fixture
def message(db):
    return written()


class ActUndone(Exception):
    """Something went wrong after the message was written."""


def refused(code, words=b"no such user"):
    return smtplib.SMTPRecipientsRefused({"nadia@essai.example": (code, words)})


def test_the_worker_sends_what_an_act_wrote(message, run_jobs):
    assert mail.outbox == []
    assert run_jobs() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["nadia@essai.example"], "Votre mot de passe a changé")
    message.refresh_from_db()
    assert (message.state, message.tries) == ("sent", 1)


def test_an_act_undone_writes_nothing(db, run_jobs):
    def act():
        with transaction.atomic():
            written()
            raise ActUndone

    with pytest.raises(ActUndone):
        act()
    assert run_jobs() == 0
    assert (Message.objects.count(), mail.outbox) == (0, [])


def test_both_parts_say_the_same_and_hold_the_link(message):
    delivery.deliver(message.pk, at=NOW)
    parsed = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    text = parsed.get_body(("plain",)).get_content()
    html = parsed.get_body(("html",)).get_content()
    assert "https://essai.example/mot-de-passe/" in text
    assert '<a href="https://essai.example/mot-de-passe/">' in html
    assert "Si c’était vous, il n’y a rien à faire." in text
    assert "Si c’était vous, il n’y a rien à faire." in html
    assert '<html lang="fr">' in html


def test_what_a_person_typed_never_becomes_html(db):
    message = written(subject="<script>alert(1)</script> & Cie")
    assert "<script>" not in message.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Cie" in message.html
    assert "<script>alert(1)</script> & Cie." in message.text


def test_a_subject_holds_on_one_line(db):
    assert written(subject="Objet\r\nBcc: autre@essai.example").subject == "Objet Bcc: autre@essai.example"


def test_every_try_bears_the_same_message_id_and_a_bounce_finds_the_message(message):
    with override_settings(DEFAULT_FROM_EMAIL="Dentelle <dentelle@essai.example>"):
        ids = []
        for at in (NOW, NOW + timedelta(minutes=20)):
            with patch(BACKEND, side_effect=OSError("down")) as send:
                delivery.deliver(message.pk, at=at)
            ids.append(send.call_args[0][0][0].message()["Message-ID"])
    assert ids == [f"<{message.pk}@essai.example>"] * 2
    assert message_of(ids[0]) == message
    assert message_of(f" {ids[0].upper()} ") == message


@pytest.mark.parametrize("text", ["", "<abc@essai.example>", "<@>", "nothing", "<" + "0" * 36 + "@x>"])
def test_a_message_id_of_others_names_nothing(text, message):
    assert message_of(text) is None


def test_a_silent_server_is_tried_again_later_and_later(message):
    waits, at = [], NOW
    with patch(BACKEND, side_effect=ConnectionRefusedError("refused")):
        while True:
            state = delivery.deliver(message.pk, at=at)
            message.refresh_from_db()
            if state == "failed":
                break
            assert state == "waiting"
            assert delivery.deliver(message.pk, at=message.next_try_at - timedelta(seconds=1)) is None
            waits.append(message.next_try_at - at)
            at = message.next_try_at
    assert waits == list(delivery.WAITS)
    assert message.tries == len(delivery.WAITS) + 1
    assert "n’a pas répondu" in message.failure
    assert Entry.objects.get(act="message.failed").object_id == str(message.pk)


def test_a_server_that_comes_back_gets_the_message(message):
    with patch(BACKEND, side_effect=refused(451)):
        assert delivery.deliver(message.pk, at=NOW) == "waiting"
    assert delivery.deliver_due(NOW) == 0
    assert delivery.deliver_due(NOW + timedelta(minutes=2)) == 1
    message.refresh_from_db()
    assert (message.state, message.tries, message.failure) == ("sent", 2, "")


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (refused(550), "refusé l’adresse (550 no such user)"),
        (smtplib.SMTPDataError(554, b"spam"), "refusé l’envoi (554 spam)"),
        (ValueError("bad header"), "mal formé"),
    ],
)
def test_a_refusal_for_good_is_not_tried_again(failure, said, message):
    with patch(BACKEND, side_effect=failure):
        assert delivery.deliver(message.pk, at=NOW) == "failed"
    message.refresh_from_db()
    assert said in message.failure
    assert delivery.deliver_due(NOW + timedelta(days=3)) == 0


def test_a_wrong_password_of_ours_is_not_the_fault_of_the_message(message):
    with patch(BACKEND, side_effect=smtplib.SMTPAuthenticationError(535, b"no")):
        assert delivery.deliver(message.pk, at=NOW) == "waiting"


def test_two_workers_send_once(message):
    assert delivery.deliver(message.pk, at=NOW) == "sent"
    assert delivery.deliver(message.pk, at=NOW) is None
    assert len(mail.outbox) == 1


def test_a_worker_that_died_while_sending_is_followed_by_another(message):
    with patch(BACKEND, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        delivery.deliver(message.pk, at=NOW)
    assert delivery.deliver_due(NOW + timedelta(minutes=5)) == 0
    assert delivery.deliver_due(NOW + delivery.LEASE) == 1


def test_what_was_said_is_erased_once_it_has_left(message):
    delivery.deliver(message.pk, at=NOW)
    message.refresh_from_db()
    assert (message.text, message.html, message.subject) == ("", "", "Votre mot de passe a changé")


def test_old_messages_are_forgotten_and_waiting_ones_are_not(message):
    waiting = written()
    delivery.deliver(message.pk, at=NOW)
    assert delivery.forget_old(NOW + delivery.KEPT) == 0
    assert delivery.forget_old(NOW + delivery.KEPT + timedelta(seconds=1)) == 1
    assert Message.objects.get() == waiting


def test_a_person_is_written_to_at_their_address(db):
    user = UserFactory(email="paul@essai.example")
    assert (written(to=user).to, written(to=user).user) == ("paul@essai.example", user)


@pytest.mark.parametrize("to", ["", "  "])
def test_no_address_no_message(to, db):
    with pytest.raises(ValueError, match="no address"):
        written(to=to)


def test_an_unknown_kind_is_refused(db):
    with pytest.raises(ValueError, match="weekly"):
        written(kind="weekly")


def test_the_preview_shows_mail_in_the_demonstration_only(message, client, settings):
    for address in ("/courriels/", f"/courriels/{message.pk}/"):
        assert client.get(address).status_code == 404
    settings.DENTELLE_DEMO = True
    assert "nadia@essai.example" in client.get("/courriels/").content.decode()
    page = client.get(f"/courriels/{message.pk}/").content.decode()
    assert "https://essai.example/mot-de-passe/" in page
    assert str(message.pk) in page


def test_the_demonstration_keeps_what_was_said(message, settings):
    settings.DENTELLE_DEMO = True
    delivery.deliver(message.pk, at=NOW)
    message.refresh_from_db()
    assert "https://essai.example/mot-de-passe/" in message.text
