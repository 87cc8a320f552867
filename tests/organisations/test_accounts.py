"""Accounts are opened by whoever runs the installation: in a structure, with a role, once, and in the journal."""

import argparse
import io

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from dentelle.cli.account_create import add_arguments, run
from dentelle.cli.main import UsageError
from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.foundations.structures.actions import AccountRefused, open_account

GOOD = {
    "email": "aline@example.org",
    "full_name": "Aline Roux",
    "password": "fil-de-trame-1789",
    "structure_name": "PLIE du Val",
    "network_name": "Réseau",
    "role": "manager",
}


def opened(**changes):
    return open_account(**{**GOOD, **changes}, at=timezone.now())


@pytest.mark.django_db
def test_an_account_opens_with_its_structure_and_its_role():
    membership, made = opened()
    assert made
    assert (membership.structure.name, membership.role) == ("PLIE du Val", "manager")
    assert authenticate(username="Aline@Example.org", password=GOOD["password"]) == membership.user


@pytest.mark.django_db
def test_what_is_made_is_in_the_journal():
    opened()
    assert sorted(Entry.objects.values_list("act", flat=True)) == [
        "account.created",
        "membership.created",
        "structure.created",
    ]


@pytest.mark.django_db
def test_opening_it_twice_changes_nothing():
    opened()
    _, made = opened(full_name="Autre nom", password="un-autre-secret-long", role="reader")
    assert not made
    assert (User.objects.get().full_name, Membership.objects.get().role, Entry.objects.count()) == (
        "Aline Roux",
        "manager",
        3,
    )


@pytest.mark.django_db
def test_a_person_may_act_for_two_structures():
    opened()
    opened(structure_name="Maison de l’emploi du Val", role="reader")
    assert (User.objects.count(), Structure.objects.count(), Membership.objects.count()) == (1, 2, 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "aline"}, "email"),
        ({"full_name": "  "}, "name"),
        ({"structure_name": "—"}, "structure"),
        ({"role": "chef"}, "role"),
        ({"password": "court"}, "password"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.django_db
def test_a_bad_account_is_refused_and_leaves_nothing(changes, code):
    with pytest.raises(AccountRefused) as refusal:
        opened(**changes)
    assert refusal.value.code == code
    assert (User.objects.count(), Structure.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_command_reads_the_password_from_its_input(monkeypatch, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    monkeypatch.setattr("sys.stdin", io.StringIO("fil-de-trame-1789\n"))
    words = ["--email", "aline@example.org", "--name", "Aline Roux", "--structure", "PLIE du Val", "--role", "manager"]
    assert run(parser.parse_args([*words, "--password-stdin"])) == 0
    assert "Compte ouvert" in capsys.readouterr().out


@pytest.mark.django_db
def test_without_a_terminal_the_command_says_how_to_give_the_password(monkeypatch):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    words = ["--email", "aline@example.org", "--name", "Aline Roux", "--structure", "PLIE du Val", "--role", "manager"]
    with pytest.raises(UsageError, match="--password-stdin"):
        run(parser.parse_args(words))
