"""Fills an empty installation with contracts, asks for its pages, writes what they took. Run by ``bench_contracts``."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
ROUNDS = 40
WORDS = ("toiture", "école", "garenne", "voirie", "2024-0", "peinture tilleuls", "espaces verts", "000 1")
TITLES = ("Réfection de la toiture", "Groupe scolaire, école", "Voirie", "Peinture", "Entretien des espaces verts")
PLACES = ("des Tilleuls", "de la Garenne", "du Val-Fleuri", "des Peupliers", "du Moulin-Vert")
YEARS = 5


def main(structures: int, few: int, many: int, told: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    members = _members(structures)
    # as unequal as they are in life: the structure that is measured holds forty times the mean
    answers: dict[str, Any] = {"vendor": connection.vendor}
    made = 0
    for name, count in (("few", few), ("many", many)):
        _fill(members, made, count)
        made = count
        _settle()
        answers[name] = _measured(members[0])
    told.write_text(json.dumps(answers))


def _members(count: int) -> list[Any]:
    from dentelle.foundations.accounts.models import User
    from dentelle.foundations.organisations.models import Membership, Network, Structure, StructureStatus

    network = Network.objects.create(name="Réseau")
    structures = Structure.objects.bulk_create(
        Structure(
            network=network,
            name=f"Structure {rank}",
            slug=f"structure-{rank}",
            status=StructureStatus.APPROVED,
            approved_at=AT,
        )
        for rank in range(count)
    )
    people = User.objects.bulk_create(
        User(email=f"p{rank}@essai.example", full_name=f"Personne {rank}") for rank in range(count)
    )
    return Membership.objects.bulk_create(
        Membership(user=user, structure=structure, role="facilitator")
        for user, structure in zip(people, structures, strict=True)
    )


def _fill(members: list[Any], start: int, end: int) -> None:
    from dentelle.foundations.directory.models import NameSource, Organisation
    from dentelle.foundations.search.actions import index_many
    from dentelle.thread.contracts.models import Contract, FrameworkOrder, Holder, Obligation
    from dentelle.thread.contracts.states import ContractState

    random = Random(start + 5)  # noqa: S311 (the same contracts each time)
    if not start:
        Organisation.objects.bulk_create(
            Organisation(
                siren=f"{100_000_000 + rank}",
                name=f"Organisation {rank}",
                sort_name=f"organisation {rank}",
                name_source=NameSource.TYPED,
                created_at=AT,
                updated_at=AT,
            )
            for rank in range(2_000)
        )
    known = list(Organisation.objects.order_by("pk"))
    states = [state.value for state in ContractState if not state.value.startswith("closed")]

    def contract(rank: int) -> Contract:
        member = members[0] if rank % 5 == 0 else members[rank % len(members)]
        begins = date(2021, 12, 1) + timedelta(days=random.randrange(365 * YEARS))
        closed = random.random() < 0.45
        return Contract(
            structure_id=member.structure_id,
            facilitator_id=member.user_id,
            buyer=known[rank % 400],
            title=f"{random.choice(TITLES)} {random.choice(PLACES)} {rank}",
            number=f"{begins.year}-{rank:05d}",
            amount_cents=random.randrange(10_000_000, 300_000_000),
            notified_on=begins,
            starts_on=begins,
            ends_on=begins + timedelta(days=400),
            state="closed_met" if closed else random.choice(states),
            state_since=AT,
            stated_insertion_minutes=60_000 if closed else None,
            stated_source="Bilan" if closed else "",
            closed_on=begins + timedelta(days=420) if closed else None,
            created_at=AT,
            updated_at=AT - timedelta(minutes=random.randrange(60 * 24 * 365 * YEARS)),
        )

    contracts = Contract.objects.bulk_create((contract(rank) for rank in range(start, end)), batch_size=500)
    obligations = Obligation.objects.bulk_create(
        (
            Obligation(structure_id=each.structure_id, contract=each, due_minutes=60_000, created_at=AT)
            for each in contracts
        ),
        batch_size=500,
    )
    Holder.objects.bulk_create(
        (
            Holder(structure_id=each.structure_id, contract=each, organisation=known[400 + rank % 1_600])
            for rank, each in enumerate(contracts)
        ),
        batch_size=1_000,
    )
    FrameworkOrder.objects.bulk_create(
        (
            FrameworkOrder(structure_id=each.structure_id, obligation=each, number="BC-1", ordered_on=date(2026, 1, 5))
            for each in obligations[::20]
        ),
        batch_size=1_000,
    )
    index_many(_indexable(contracts[0].pk))


def _indexable(since: int) -> Iterator[Any]:
    from dentelle.thread.contracts.searched import contracts_to_index

    return contracts_to_index().filter(pk__gte=since).iterator(chunk_size=2_000)


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        # as a site at rest: a server that tidies after a load of 60 000 contracts answers to nobody quickly
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _measured(member: Any) -> dict[str, dict[str, float]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from dentelle.thread.contracts.models import Contract

    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    keys = list(Contract.objects.filter(structure_id=member.structure_id).order_by("pk").values_list("pk", flat=True))
    pages = {
        "list": ["/contrats/"],
        "stage": ["/contrats/?etape=running", "/contrats/?etape=closed", "/contrats/?etape=starting&mes=1"],
        "words": [f"/contrats/?texte={word}" for word in WORDS],
        "contract": [f"/contrats/{key}" for key in keys[:: max(1, len(keys) // ROUNDS)][:ROUNDS]],
        "home": ["/", "/?qui=structure"],
        "orders": ["/contrats/commandes"],
        "search": [f"/recherche/?q={word}" for word in WORDS],
        "api list": ["/api/v1/contracts", *_following("/api/v1/contracts", member)],
        "api changes": [f"/api/v1/contracts?updated_since={year}-06-01T00:00:00Z" for year in (2022, 2024, 2026)],
        "api obligations": ["/api/v1/obligations", *_following("/api/v1/obligations", member)],
        "api organisations": ["/api/v1/organisations", *_following("/api/v1/organisations", member)],
        "api contract": [f"/api/v1/contracts/{key}" for key in keys[:: max(1, len(keys) // ROUNDS)][:ROUNDS]],
    }
    answers = {}
    browser = client
    for name, addresses in pages.items():
        client = _program(member) if name.startswith("api") else browser
        client.get(addresses[0])
        took, queries = [], 0
        for turn in range(ROUNDS):
            address = addresses[turn % len(addresses)]
            started = time.perf_counter()
            response = client.get(address)
            took.append((time.perf_counter() - started) * 1_000)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")
        for address in addresses[:8]:
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            queries = max(queries, len(captured))
        took.sort()
        answers[name] = {"p95": took[int(len(took) * 0.95) - 1], "p50": took[len(took) // 2], "queries": queries}
    return answers


def _program(member: Any) -> Any:
    """A program with a token of its own: each has its own pace."""
    from django.test import Client
    from django.utils import timezone

    from dentelle.foundations.invitations.tokens import fingerprint, new_token
    from dentelle.foundations.tokens.models import ApiToken
    from dentelle.foundations.tokens.scopes import known_scopes

    secret, now = new_token(), timezone.now()
    ApiToken.objects.create(
        structure_id=member.structure_id,
        membership=member,
        made_by_id=member.user_id,
        name="Mesure",
        scopes=[scope.code for scope in known_scopes()],
        token_hash=fingerprint(secret),
        ending=secret[-4:],
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"})


def _following(address: str, member: Any) -> list[str]:
    """A few pages further, as a program that reads everything meets them."""
    program, found, cursor = _program(member), [], ""
    for _ in range(4):
        cursor = program.get(address + (f"?cursor={cursor}" if cursor else "")).json()["next"]
        if not cursor:
            break
        found.append(f"{address}?cursor={cursor}")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
