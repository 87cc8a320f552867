"""Delivery-status mails: what they say of which address, whoever wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.foundations.directory import contact_actions
from dentelle.foundations.directory.bounces import MOST_BYTES, Failure, read_bounces
from dentelle.foundations.directory.models import ContactEmail
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.journal.models import Entry
from tests.directory.making import contact, organisation
from tests.factories import NOW


def report(*recipients, content="message/delivery-status"):
    """A delivery-status mail as RFC 3464 draws it; each recipient is the text of its fields."""
    blocks = "\r\n\r\n".join(["Reporting-MTA: dns; mx.essai.example", *recipients])
    return (
        "From: Mail Delivery System <mailer-daemon@essai.example>\r\n"
        "To: nadia@essai.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVotre message n'a pas pu partir.\r\n"
        f"--b1\r\nContent-Type: {content}\r\n\r\n{blocks}\r\n\r\n"
        "--b1\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Votre clause\r\n\r\n--b1--\r\n"
    ).encode()


def of(address, status="5.1.1", action="failed", **more):
    lines = [f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}"]
    return "\r\n".join([*lines, *(f"{name.replace('_', '-')}: {value}" for name, value in more.items())])


def test_a_permanent_failure_names_its_address_its_code_and_the_words_of_the_server():
    raw = report(of("Jeanne@Essai.example", Diagnostic_Code="smtp; 550 5.1.1 User unknown"))
    assert read_bounces(raw) == (Failure("jeanne@essai.example", "permanent", "5.1.1", "550 5.1.1 User unknown"),)


@pytest.mark.parametrize(
    ("status", "action", "kinds"),
    [
        ("5.2.1", "failed", ["permanent"]),
        ("4.4.7", "failed", ["temporary"]),
        ("4.2.2", "delayed", ["temporary"]),
        ("5.0.0", "delayed", ["temporary"]),
        ("2.0.0", "delivered", []),
        ("2.0.0", "relayed", []),
        ("5.1.1", "expanded", []),
        ("non", "failed", []),
    ],
)
def test_the_first_digit_of_the_code_says_for_good_or_for_a_while(status, action, kinds):
    assert [one.kind for one in read_bounces(report(of("a@essai.example", status, action)))] == kinds


def test_several_recipients_are_each_read_and_the_worst_news_wins():
    raw = report(of("a@essai.example", "4.2.2"), of("b@essai.example"), of("a@essai.example", "5.1.1"))
    assert {one.address: one.kind for one in read_bounces(raw)} == {
        "a@essai.example": "permanent",
        "b@essai.example": "permanent",
    }


def test_the_address_first_written_to_is_known_behind_an_alias():
    raw = report(of("vraie@ailleurs.example", Original_Recipient="rfc822;alias@essai.example"))
    assert [one.address for one in read_bounces(raw)] == ["vraie@ailleurs.example", "alias@essai.example"]


def test_a_report_forwarded_as_an_attachment_is_found():
    inner = report(of("a@essai.example"))
    raw = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--x--\r\n"
    )
    assert [one.address for one in read_bounces(raw)] == ["a@essai.example"]


@pytest.mark.parametrize("raw", [b"", b"Bonjour", b"\x00\xff" * 50, report(of("a@b.example"), content="text/plain")])
def test_any_other_mail_is_refused(raw):
    with pytest.raises(DirectoryRefused) as refusal:
        read_bounces(raw)
    assert refusal.value.code == "not_a_report"


def test_a_file_too_large_is_refused_before_it_is_read():
    with pytest.raises(DirectoryRefused) as refusal:
        read_bounces(b"x" * (MOST_BYTES + 1))
    assert refusal.value.code == "too_large"


def test_parts_nested_without_end_are_refused_not_followed():
    depth = 3_000
    raw = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    with pytest.raises(DirectoryRefused) as refusal:
        read_bounces(raw)
    assert refusal.value.code in {"unreadable", "not_a_report"}


@given(st.binary(max_size=400), st.integers(0, 900))
def test_a_report_damaged_anywhere_is_read_or_refused(noise, place):
    raw = report(of("a@essai.example", Diagnostic_Code="smtp; 550"))
    try:
        read_bounces(raw[:place] + noise + raw[place:])
    except DirectoryRefused as refusal:
        said = str(refusal)
    else:
        said = "lu"
    assert said


@pytest.mark.django_db
def test_only_addresses_of_the_structure_are_marked(facilitator, outsider):
    here = organisation(facilitator)
    mine = contact(facilitator, here, emails=["a@essai.example", "b@essai.example"])
    theirs = contact(outsider, here, emails=["a@essai.example"])
    raw = report(of("a@essai.example"), of("b@essai.example", "4.2.2"), of("c@essai.example"))
    done = contact_actions.take_delivery_status(facilitator, raw, at=NOW)
    assert (done.permanent, done.temporary, done.unknown) == (
        ("a@essai.example",),
        ("b@essai.example",),
        ("c@essai.example",),
    )
    assert mine.emails.get(address="a@essai.example").bounced_at == NOW
    assert mine.emails.get(address="b@essai.example").bounced_at is None
    assert theirs.emails.get().bounced_at is None
    assert mine.email == "b@essai.example"


@pytest.mark.django_db
def test_the_same_report_twice_is_recorded_once_and_the_journal_keeps_no_words(facilitator):
    contact(facilitator, organisation(facilitator), emails=["a@essai.example"])
    raw = report(of("a@essai.example", Diagnostic_Code="smtp; 550 compte de Jeanne fermé"))
    for _ in range(2):
        contact_actions.take_delivery_status(facilitator, raw, at=NOW)
    (entry,) = Entry.objects.filter(act="contact.bounced")
    assert entry.facts == {"email": ContactEmail.objects.get().pk, "status": "5.1.1"}


@pytest.mark.django_db
def test_an_address_marked_by_hand_may_work_again(facilitator):
    email = contact(facilitator, organisation(facilitator)).emails.get()
    contact_actions.mark_bounced(facilitator, email.pk, reason="réponse automatique", at=NOW)
    email.refresh_from_db()
    assert (email.bounced_at, email.bounce_kind, email.bounce_reason) == (NOW, "permanent", "réponse automatique")
    contact_actions.clear_bounce(facilitator, email.pk, at=NOW)
    email.refresh_from_db()
    assert (email.bounced_at, email.bounce_kind, email.bounce_reason) == (None, "", "")
