"""What docs/origins.md says of the two articles is there: each address opens somewhere, each file exists."""

import re

import pytest
import yaml
from django.urls import Resolver404, resolve

from dentelle.network.practices.vocabulary import AXES
from tests.shared import ROOT

PAGE = (ROOT / "docs" / "origins.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([^`]+)`", PAGE)))
ADDRESSES = [name for name in NAMED if name.startswith("/")]
FILES = [name for name in NAMED if name.startswith(("docs/", "dentelle/", "tests/"))]
COMMANDS = [name for name in NAMED if name.startswith("dentelle ")]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_named_opens_somewhere(address):
    try:
        found = resolve(address)
    except Resolver404:
        pytest.fail(f"{address} leads nowhere")
    assert found.view_name


@pytest.mark.parametrize("path", FILES)
def test_every_file_named_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_named_exists(command):
    verb = command.removeprefix("dentelle ").replace(" ", "_")
    assert (ROOT / "dentelle" / "cli" / f"{verb}.py").exists()


def test_every_name_is_of_a_kind_that_is_checked():
    assert sorted([*ADDRESSES, *FILES, *COMMANDS]) == NAMED
    assert len(ADDRESSES) > 15


def test_each_sentence_says_where_it_lives_or_not_yet():
    rows = [row for row in PAGE.splitlines() if row.startswith("| ") and "---" not in row]
    said = [row for row in rows if not row.startswith("| What the article says")]
    assert len(said) > 30
    for row in said:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 3
        assert cells[2] or "not yet" in cells[1], row


def test_the_axes_of_the_article_are_called_the_same_on_sheets_and_in_the_demonstration():
    voted = yaml.safe_load((ROOT / "dentelle" / "demo" / "governance.yaml").read_text(encoding="utf-8"))["axes"]
    assert [each["name"] for each in voted] == list(AXES.values())
