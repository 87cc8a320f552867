"""Fills an empty installation with fictional organisations, searches them, writes what it took. Run by ``bench_search``."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

TYPED = (
    "ville", "sa", "thouet", "proprete lou", "élan", "Saint-Genac", "000 100", "0001000", "00012345", "batiment val",
    "services 79", "rosac", "charigny energies", "xqzxq", "de la", "mar", "atelier du bocage", "e t", "monterie", "kerou 12",
)  # fmt: skip
ROUNDS = 5
SYLLABLES = (
    "Val",
    "Bel",
    "Mont",
    "Thou",
    "Ar",
    "Gen",
    "Sev",
    "Aut",
    "Boc",
    "Lys",
    "Mar",
    "Char",
    "Vend",
    "Lou",
    "Ro",
    "Ker",
)
ENDINGS = ("et", "ine", "ou", "ais", "ière", "on", "ault", "erie", "ac", "igny")
TRADES = ("Ville de", "Propreté", "Bâtiment", "Espaces verts", "Services", "Énergies", "Études", "Atelier du")


def main(count: int, told: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    membership = _fill(count)
    from dentelle.foundations.directory.queries import OrganisationFilters, list_organisations
    from dentelle.foundations.search.actions import rebuild
    from dentelle.foundations.search.queries import search

    started = time.perf_counter()
    rebuild()
    rebuilt = time.perf_counter() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    search("warm", membership)
    searched = _times(lambda text: search(text, membership))
    listed = _times(lambda text: list_organisations(membership, OrganisationFilters(text=text)))
    liked = _times(_like)
    found = {
        "vendor": connection.vendor,
        "queries": len(TYPED) * ROUNDS,
        "rebuild_s": rebuilt,
        "search_p50": _quantile(searched, 0.5),
        "search_p95": _quantile(searched, 0.95),
        "list_p95": _quantile(listed, 0.95),
        "like_p95": _quantile(liked, 0.95),
    }
    told.write_text(json.dumps(found))


def _fill(count: int):
    from datetime import UTC, datetime

    from stdnum import luhn

    from dentelle.foundations.directory.models import Organisation
    from dentelle.foundations.structures.actions import open_account
    from dentelle.opendata.text import fold

    at = datetime(2026, 11, 21, tzinfo=UTC)
    random = Random(3)  # noqa: S311 (the same organisations each time)
    rows = []
    for rank in range(count):
        siren = f"000{rank:05d}"
        siren += luhn.calc_check_digit(siren)
        siret = siren + "0001"
        siret += luhn.calc_check_digit(siret)
        place = f"{random.choice(SYLLABLES)}{random.choice(ENDINGS)}-{random.choice(SYLLABLES)}{random.choice(ENDINGS)}"
        name = f"{random.choice(TRADES)} {place} {rank % 97}"
        rows.append(
            Organisation(
                siret=siret, siren=siren, name=name, sort_name=fold(name), name_source="typed", created_at=at, updated_at=at
            )
        )  # fmt: skip
    Organisation.objects.bulk_create(rows, batch_size=2000)
    return open_account(
        email="mesure@essai.example",
        full_name="Mesure",
        password="une mesure de recherche",  # noqa: S106 (an installation made for the measure, then removed)
        structure_name="Mesure",
        network_name="Réseau",
        role="facilitator",
        at=at,
    )[0]


def _like(text: str) -> list[tuple[int]]:
    from django.db import connection

    from dentelle.opendata.text import fold

    words = [f"%{word}%" for word in fold(text).split()]
    condition = " AND ".join(["words LIKE %s"] * len(words))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT object_id FROM search_searchentry WHERE kind = 'organisation' AND {condition} ORDER BY weight LIMIT 32",
            words,
        )
        return cursor.fetchall()


def _times(act: Callable[[str], object]) -> list[float]:
    found = []
    for text in TYPED:
        for _ in range(ROUNDS):
            started = time.perf_counter()
            partial(act, text)()
            found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
