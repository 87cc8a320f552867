"""The two DECP files of the demonstration, as a buyer profile would publish them: with real life's defects."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from dentelle.demo.buyers import Place, buyers_on, companies
from dentelle.demo.records import FIRST_YEAR_OF_2022_FORMAT, Record, as_2019, as_2022, awards

SEED = 20260821


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the files are and what was put in them; ``defects`` counts each kind of defect written on purpose."""

    paths: tuple[Path, ...]
    records: int
    defects: dict[str, int]


def _no_date(random: Random, record: Record) -> None:
    record.pop("dateNotification")


def _absurd_amount(random: Random, record: Record) -> None:
    record["montant"] = random.choice((0, 1, 99_999_999_999, 111_111_111))


def _bad_cpv(random: Random, record: Record) -> None:
    record["codeCPV"] = random.choice(("", "NC", record["codeCPV"][:5], f"INX {record['codeCPV']}-1"))


def _bad_duration(random: Random, record: Record) -> None:
    record["dureeMois"] = random.choice((0, 999, "NC", 1_460))


def _amount_as_text(random: Random, record: Record) -> None:
    record["montant"] = str(record["montant"])


def _ancient_date(random: Random, record: Record) -> None:
    record["dateNotification"] = "0218" + record["dateNotification"][4:]


DEFECTS: tuple[tuple[str, float, Callable[[Random, Record], None]], ...] = (
    ("sans date de notification", 0.02, _no_date),
    ("montant absurde", 0.012, _absurd_amount),
    ("code CPV manquant ou mal formé", 0.015, _bad_cpv),
    ("durée absente ou absurde", 0.02, _bad_duration),
    ("montant écrit en texte", 0.02, _amount_as_text),
    ("année impossible", 0.003, _ancient_date),
)
SHARE_REPEATED = 0.03
SHARE_BROKEN = 0.002


def write_demo_files(
    into: Path, places: Sequence[Place], *, dense: frozenset[str], local_department: str, today: date, seed: int = SEED
) -> DemoFiles:
    """Write one file per generation under ``into``; places in ``dense`` get the full life of their buyers, others a part."""
    random = Random(seed)  # noqa: S311 (a reproducible story, not a secret)
    buyers = buyers_on(places, local_department=local_department)
    firms = companies(random, 400)
    here = [b for b in buyers if b.commune_code in dense]
    elsewhere = [b for b in buyers if b.commune_code not in dense]
    old: list[str] = []
    new: list[str] = []
    defects: dict[str, int] = {}
    lives = (
        awards(random, here, firms, today=today, needs_per_buyer=14),
        awards(random, elsewhere, firms, today=today, needs_per_buyer=4),
    )
    for life in lives:
        for award in life:
            recent = award.notified.year >= FIRST_YEAR_OF_2022_FORMAT
            record = as_2022(random, award) if recent else as_2019(random, award)
            (new if recent else old).extend(_texts(random, record, defects))
    into.mkdir(parents=True, exist_ok=True)
    first, second = into / "demonstration-2019.json", into / "demonstration-2022.json"
    first.write_text('{"marches":[\n' + ",\n".join(old) + "\n]}\n", encoding="utf-8")
    second.write_text('{"marches":{"marche":[\n' + ",\n".join(new) + "\n]}}\n", encoding="utf-8")
    return DemoFiles((first, second), len(old) + len(new), defects)


def _texts(random: Random, record: Record, defects: dict[str, int]) -> list[str]:
    for name, share, spoil in DEFECTS:
        if random.random() < share:
            spoil(random, record)
            defects[name] = defects.get(name, 0) + 1
            break
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    if random.random() < SHARE_BROKEN:
        defects["enregistrement illisible"] = defects.get("enregistrement illisible", 0) + 1
        return [text.replace('"objet":"', '"objet":', 1)]
    if random.random() < SHARE_REPEATED:
        defects["répétition exacte"] = defects.get("répétition exacte", 0) + 1
        return [text, text]
    return [text]
