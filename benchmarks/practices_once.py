"""Fills an empty installation with fictional practice sheets, searches them, writes what it took. Run by ``bench_practices``."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

AT = datetime(2026, 11, 21, tzinfo=UTC)
ROUNDS = 5
ENGAGED = 30  # queries of the fixed list, the same that must find their sheet


def main(count: int, told: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    member = _fill(count)
    from dentelle.foundations.search.actions import rebuild
    from dentelle.foundations.search.ranking import ranked
    from dentelle.network.practices.queries import Filters, find, related

    started = time.perf_counter()
    rebuild()
    rebuilt = time.perf_counter() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    today = AT.date()
    typed = _typed()
    ranked("practice", "chauffe", member)
    found = {
        "vendor": connection.vendor,
        "queries": len(typed),
        "rebuild_s": rebuilt,
        "search": _times(lambda text: ranked("practice", text, member, 20), typed),
        "list": _times(lambda text: find(member, Filters(text), today=today), typed),
        "facets": _times(lambda text: find(member, Filters(text, {"outcome": "failed"}), today=today), typed),
        "all": _times(lambda text: find(member, Filters(), today=today), typed[:10]),
        "near": _times(lambda text: related(member, text, today=today), typed),
    }
    told.write_text(json.dumps(found))


def _typed() -> list[str]:
    import yaml

    path = Path(__file__).parents[1] / "tests" / "practices" / "queries.yaml"
    return [words for words, _ in yaml.safe_load(path.read_text(encoding="utf-8"))][:ENGAGED]


def _fill(count: int):
    from dentelle.demo.practices import told
    from dentelle.foundations.structures.actions import open_account
    from dentelle.network.practices.facets import tags_of
    from dentelle.network.practices.models import Practice, PracticeTag, PracticeVersion, VersionState
    from dentelle.rules.practices import TRANSFER

    def account(name: str):
        return open_account(
            email=f"{name}@essai.example",
            full_name=name,
            password="une mesure de recherche",  # noqa: S106 (an installation made for the measure, then removed)
            structure_name="Mesure",
            network_name="Réseau",
            role="facilitator",
            at=AT,
        )[0]

    member, reviewer = account("mesure"), account("relecture")
    random = Random(5)  # noqa: S311 (the same sheets each time)
    rows = told()
    practices = Practice.objects.bulk_create(
        (Practice(network=member.structure.network, structure=member.structure, created_at=AT) for _ in range(count)),
        batch_size=1_000,
    )
    versions, tags = [], []
    for rank, practice in enumerate(practices):
        # two sheets put together: the words of the trade, in as many combinations as there are sheets
        one, other = rows[rank % len(rows)]["content"], random.choice(rows)["content"]
        content = {
            **one,
            "title": f"{one['title']} ({rank})",
            "description": f"{one['description']} {other['description']} {other['summary']}",
            "started_on": f"{random.randrange(2012, 2027)}-01-01",
            "budget_cents": random.randrange(300_000_00),
            "setup_months": random.randrange(20),
            "tools": ["modèle de convention"] if rank % 3 else [],
        }
        profile = {criterion.code: random.randrange(4) for criterion in TRANSFER}
        versions.append(
            PracticeVersion(
                practice=practice, structure=member.structure, number=1, state=VersionState.PUBLISHED, title=content["title"],
                content=content, profile=profile, author=member.user, reviewer=reviewer.user, updated_at=AT, reviewed_on=AT.date(),
                published_on=AT.date(),
            )
        )  # fmt: skip
        tags += [
            PracticeTag(
                network=member.structure.network,
                practice=practice,
                structure=member.structure,
                facet=facet,
                value=value,
            )
            for facet, value in tags_of(content, profile)
        ]
    for practice, version in zip(
        practices, PracticeVersion.objects.bulk_create(versions, batch_size=1_000), strict=True
    ):
        practice.published, practice.checked_on = version, AT.date()
    Practice.objects.bulk_update(practices, ["published", "checked_on"], batch_size=500)
    PracticeTag.objects.bulk_create(tags, batch_size=2_000)
    return member


def _times(act: Callable[[str], object], typed: list[str]) -> dict[str, float]:
    """The best of some rounds of each question, so that neighbours on the machine are not measured with it."""
    found = []
    for text in typed:
        rounds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            act(text)
            rounds.append((time.perf_counter() - started) * 1_000)
        found.append(min(rounds))
    found.sort()
    return {"p50": found[len(found) // 2], "p95": found[int(len(found) * 0.95)]}


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
