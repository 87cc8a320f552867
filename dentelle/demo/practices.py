"""The practices of the demonstration: told by its three structures, reviewed by a neighbour, published by the head."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.practices import actions
from dentelle.network.practices.models import Practice
from dentelle.rules.practices import ANSWERED

OLD = timedelta(days=800)  # one of them waits to be read again

WRITTEN_BY_THE_HEAD: dict[str, Any] = {
    "axis": "inclusion",
    "device": "maison_emploi",
    "themes": ["advisors", "partnerships"],
    "publics": ["professionals"],
    "outcome": "worked",
    "evidence": "1",
    "place": "epci:200040244",
    "title": "Une heure au téléphone avec chaque entreprise après la fin du marché",
    "summary": "La facilitatrice rappelle l’entreprise trois mois après la dernière heure : ce qui a tenu, qui est resté.",
    "description": "Racontée à une étape du Tour ; la tête de réseau l’a mise en fiche, la structure la relit avant le réseau.",
    "result": ["Personnes encore en poste à trois mois", "21 sur 30"],
    "difficulties": "Deux entreprises sur dix ne rappellent pas.",
}


@cache
def told() -> tuple[dict[str, Any], ...]:
    """Return the sheets of ``practices.yaml``: their key (``id``), who tells them (``by``), their content."""
    rows = yaml.safe_load((Path(__file__).parent / "practices.yaml").read_text(encoding="utf-8"))
    return tuple({"id": row["id"], "by": row["by"], "content": _content(row)} for row in rows)


def _content(row: dict[str, Any]) -> dict[str, Any]:
    what, value = row["result"]
    return {name: value for name, value in row.items() if name not in {"id", "by", "result"}} | {
        "results": [{"what": what, "value": value, "source": "suivi de la structure (fictif)", "period": "une année"}],
        "contact_name": "Accueil de la structure (fictif)",
        "licence": "etalab-2.0",
        "consent": True,
    }


def load_practices(writers: Sequence[Membership], seat: NetworkSeat, *, at: datetime) -> int:
    """Write, review and publish the sheets; leave one to publish, one to review, one sent back. Return how many."""
    for rank, row in enumerate(told()):
        writer = writers[(row["by"] - 1) % len(writers)]
        neighbour = writers[row["by"] % len(writers)]
        content = {**row["content"], "host": writer.structure.name, "author": writer.user.full_name}
        then = at - (OLD if not rank else timedelta(days=3 * (rank + 1)))
        practice = actions.begin(writer, content, at=then)
        actions.submit(writer, practice.pk, at=then)
        if rank == 1:
            continue
        if rank == 2:
            actions.send_back(neighbour, practice.pk, "Dites qui a payé les heures de conduite, et combien.", at=then)
            continue
        actions.review(neighbour, practice.pk, _profile(rank), "Claire et transposable.", at=then)
        if rank == 3:
            continue
        actions.publish(seat, practice.pk, at=then)
        if rank % 9 == 4:
            actions.say_tried(
                neighbour,
                practice.pk,
                outcome="worked" if rank % 2 else "partly",
                told="Repris tel quel sur un marché plus petit, avec l’aide de la structure qui l’avait raconté.",
                changed="Un seul partenaire au lieu de trois.",
                at=at - timedelta(days=1),
            )
    _written_by_the_head(writers, seat, at=at)
    return Practice.objects.filter(network=seat.network).count()


def _written_by_the_head(writers: Sequence[Membership], seat: NetworkSeat, *, at: datetime) -> None:
    """A sheet the head wrote of what a structure told it, read again by another: it waits for the agreement of the first."""
    then = at - timedelta(days=4)
    host, neighbour = writers[0], writers[1 % len(writers)]
    content = _content(dict(WRITTEN_BY_THE_HEAD)) | {"host": host.structure.name, "author": seat.user.full_name}
    practice = actions.begin(seat, content, at=then, structure=host.structure)
    actions.submit(seat, practice.pk, at=then)
    actions.review(
        neighbour, practice.pk, _profile(1), "Courte, et chacun peut l’essayer.", at=then + timedelta(days=1)
    )


def _profile(rank: int) -> dict[str, int]:
    return {one.code: (rank * 7 + place * 5) % 4 for place, one in enumerate(ANSWERED)}
