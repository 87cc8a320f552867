"""Tokens: made and revoked by a manager, shown once, never more than their maker, dead with them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.invitations.tokens import fingerprint
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Role, StructureStatus
from dentelle.foundations.structures.actions import remove_person
from dentelle.foundations.tokens.access import bearer_of
from dentelle.foundations.tokens.actions import (
    MOST_TOKENS,
    PREFIX,
    TokenRefused,
    create_token,
    forget_old_requests,
    note_use,
    revoke_token,
)
from dentelle.foundations.tokens.models import ApiToken, SentRequest
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def made(manager, *scopes, days=30):
    return create_token(manager, name="Tableau de bord", scopes=scopes or ("contracts:read",), days=days, at=NOW)


def test_a_manager_makes_a_token_and_reads_its_secret_once(manager, client_of):
    answer = client_of(manager).post(
        reverse("tokens:list"), {"name": "Tableau de bord", "scopes": ["contracts:read"], "days": "90"}
    )
    token = ApiToken.objects.get()
    secret = answer.content.decode().partition(f'value="{PREFIX}')[2].partition('"')[0]
    assert fingerprint(PREFIX + secret) == token.token_hash
    assert answer["Cache-Control"] == "private, no-store"
    assert secret not in client_of(manager).get(reverse("tokens:list")).content.decode()


def test_nothing_of_the_secret_but_its_end_is_kept(manager):
    token, secret = made(manager)
    kept = {field.name: str(getattr(token, field.name)) for field in ApiToken._meta.concrete_fields}
    assert [name for name, value in kept.items() if secret[len(PREFIX) : 30] in value] == []
    assert token.ending == secret[-4:]


def test_the_journal_says_who_made_and_revoked_it_without_its_name(manager):
    token, _ = made(manager, "contracts:read", "operations:read")
    revoke_token(manager, token.pk, at=LATER)
    told = list(Entry.objects.filter(object_type="tokens.apitoken").order_by("pk").values_list("act", "facts"))
    assert told == [
        ("api_token.created", {"scopes": ["operations:read", "contracts:read"], "expires_on": "2026-12-21"}),
        ("api_token.revoked", {}),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "  "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["contracts:burn"]}, "scopes"),
        ({"days": 4000}, "days"),
    ],
)
def test_a_token_badly_asked_is_refused(manager, changed, code):
    asked = {"name": "Tableau de bord", "scopes": ["contracts:read"], "days": 30, **changed}
    with pytest.raises(TokenRefused) as refused:
        create_token(manager, **asked, at=NOW)
    assert refused.value.code == code


def test_only_a_manager_makes_one(facilitator):
    with pytest.raises(TokenRefused) as refused:
        made(facilitator)
    assert refused.value.code == "not_manager"


def test_a_structure_has_so_many_tokens_and_no_more(manager):
    tokens = [made(manager)[0] for _ in range(MOST_TOKENS)]
    with pytest.raises(TokenRefused):
        made(manager)
    revoke_token(manager, tokens[0].pk, at=NOW)
    made(manager)


def test_a_living_token_acts_as_its_maker_within_its_scopes(manager):
    _, secret = made(manager, "contracts:read")
    bearer = bearer_of(secret, at=LATER)
    assert bearer is not None
    assert bearer.membership == manager
    assert (bearer.may("contracts:read"), bearer.may("contracts:write")) == (True, False)


def test_a_token_never_does_more_than_its_maker_may_today(manager):
    _, secret = made(manager, "contracts:read", "contracts:write", "organisations:read")
    manager.role = Role.ELECTED_OFFICIAL
    manager.save()
    bearer = bearer_of(secret, at=LATER)
    assert bearer is not None
    rights = {scope: bearer.may(scope) for scope in bearer.token.scopes}
    assert rights == {"organisations:read": True, "contracts:read": False, "contracts:write": False}


@pytest.mark.parametrize("why", ["unknown", "empty", "revoked", "expired", "inactive", "closed"])
def test_a_dead_token_opens_nothing(manager, why):
    token, secret = made(manager)
    at = LATER
    if why == "unknown":
        secret = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    elif why == "empty":
        secret = ""
    elif why == "revoked":
        revoke_token(manager, token.pk, at=NOW)
    elif why == "expired":
        at = token.expires_at
    elif why == "inactive":
        manager.user.is_active = False
        manager.user.save()
    else:
        manager.structure.status = StructureStatus.CLOSED
        manager.structure.save()
    assert bearer_of(secret, at=at) is None


def test_the_tokens_of_a_structure_closed_then_approved_again_stay_dead(manager):
    _, secret = made(manager)
    manager.structure.approved_at = LATER
    manager.structure.save()
    assert bearer_of(secret, at=LATER + timedelta(hours=1)) is None


def test_the_tokens_of_somebody_removed_stay_dead_when_they_come_back(manager):
    other = MembershipFactory(structure=manager.structure, manager=True)
    _, secret = made(other)
    user = other.user
    remove_person(manager, other.pk, at=NOW)
    MembershipFactory(structure=manager.structure, user=user, manager=True)
    assert bearer_of(secret, at=LATER) is None


def test_the_page_says_why_a_token_no_longer_serves(manager, client_of):
    other = MembershipFactory(structure=manager.structure, manager=True)
    made(other)
    remove_person(manager, other.pk, at=NOW)
    assert "n’est plus dans la structure" in client_of(manager).get(reverse("tokens:list")).content.decode()


def test_revoking_from_the_page_ends_it_at_once(manager, client_of):
    token, secret = create_token(manager, name="Essai", scopes=["contracts:read"], days=30, at=timezone.now())
    answer = client_of(manager).post(reverse("tokens:revoke", args=[token.pk]))
    assert (answer.status_code, bearer_of(secret, at=timezone.now())) == (302, None)


def test_a_form_sent_twice_makes_one_token(manager, client_of):
    typed = {"name": "Essai", "scopes": ["contracts:read"], "days": "30", "form_key": "a" * 32}
    browser = client_of(manager)
    first, second = (browser.post(reverse("tokens:list"), typed) for _ in range(2))
    assert (first.status_code, second.status_code, ApiToken.objects.count()) == (200, 302, 1)


def test_the_day_of_its_last_use_is_the_latest(manager):
    token, _ = made(manager)
    note_use(token, on=NOW.date())
    note_use(token, on=NOW.date() - timedelta(days=3))  # an answer that left late
    token.refresh_from_db()
    assert token.last_used_on == NOW.date()


def test_what_programs_were_answered_is_forgotten_after_two_days(manager):
    token, _ = made(manager)
    for days in (1, 3):
        SentRequest.objects.create(
            structure=manager.structure,
            token=token,
            key=f"cle-{days}",
            fingerprint="",
            sent_at=NOW - timedelta(days=days),
        )
    assert forget_old_requests(NOW) == 1
    assert SentRequest.objects.get().key == "cle-1"


def test_the_list_costs_the_same_at_any_length(manager, client_of, assert_max_queries):
    counts, browser = [], client_of(manager)
    for more in (1, MOST_TOKENS - 1):
        for _ in range(more):
            made(manager)
        with assert_max_queries(20) as captured:
            browser.get(reverse("tokens:list"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
