"""Each figure of the territory page opens to exactly the lines that make it, and the foot of that list says the figure again."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from dentelle.foundations.organisations.models import Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_ground")]
RENNES = "epci:243500139"
ROWS: list[dict[str, Any]] = [
    {"object": "nettoyage", "social_status": "considered"},
    {"object": "voirie", "trade": "roads", "hours_low": 10, "hours_central": 31, "hours_high": 70, "required": "no"},
    {"object": "sans heures", "hours_central": None, "hours_low": None, "hours_high": None, "social_status": "none"},
    {"object": "métier inconnu", "trade": None, "trade_name": None, "hours_central": 5},
    {"object": "trop tard", "estimated_end": date(2031, 1, 1), "social_status": "none"},
    {"object": "passé", "estimated_end": date(2020, 1, 1), "social_status": "considered"},
    {"object": "remplacé", "is_last_of_chain": False, "social_status": "none"},
    {"object": "commande", "is_subsequent": True},
    {"object": "ailleurs", "place_area": "commune:29019", "seat_area": "commune:29019", "social_status": "considered"},
]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.fixture
def opened(
    facilitator: Membership, client_of: Callable[[Membership], Client], load_purchases: Callable[..., Path]
) -> Callable[[str], tuple[str, str, set[str]]]:
    """``opened("d’insertion possibles")``: the figure, the page it opens to, the objects of its lines."""
    load_purchases(ROWS)
    client = client_of(facilitator)

    def follow(words: str) -> tuple[str, str, set[str]]:
        page = client.get(f"/territoire/?territoire={RENNES}").content.decode()
        figure = next(part for part in page.split('<div class="figure">') if words in part)
        address = re.search(r'href="([^"]+)"', figure)
        assert address, f"« {words} » opens to nothing"
        answer = client.get(unescape(address[1])).content.decode()
        return plain(figure), plain(answer), set(re.findall(r"<a data-open[^>]*>([^<]*)</a>", answer))

    return follow


@time_machine.travel("2026-11-21T10:00:00Z", tick=False)
def test_the_hours_open_to_the_lines_that_add_up_to_them(opened: Callable[[str], Any]) -> None:
    figure, page, lines = opened("d’insertion possibles")
    assert lines == {"nettoyage", "voirie"}
    assert figure.startswith(" 831")
    assert "de 410 à 1 270" in figure.replace("\u202f", " ")
    assert "Somme des heures possibles de 2 marchés : 831 h (de 410 à 1 270 h, en partie à confirmer)." in page.replace(
        "\u202f", " "
    )


@time_machine.travel("2026-11-21T10:00:00Z", tick=False)
def test_the_rate_opens_to_the_contracts_that_say_yes_or_no_whatever_their_date(opened: Callable[[str], Any]) -> None:
    figure, page, lines = opened("considération sociale")
    assert lines == {"nettoyage", "sans heures", "trop tard", "passé", "remplacé"}
    assert "40 % des marchés" in figure.replace("\u202f", " ")
    assert "2 sur 5 qui le disent" in figure
    assert "non renseigné : 38 % (3 sur 8)" in figure.replace("\u202f", " ").replace("\u00a0", " ")
    assert "2 sur 5 qui le disent, soit 40 %" in page.replace("\u202f", " ")


@time_machine.travel("2026-11-21T10:00:00Z", tick=False)
def test_the_mandatory_ones_open_to_their_lines(opened: Callable[[str], Any]) -> None:
    figure, _, lines = opened("à condition sociale obligatoire")
    assert lines == {"nettoyage", "sans heures", "métier inconnu"}
    assert figure.startswith(" 3")
