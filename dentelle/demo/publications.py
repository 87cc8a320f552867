"""What the buyers of the demonstration publish of the contracts of the register: most as promised, some not, some never."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dentelle.thread.contracts.models import Contract, Holder
from dentelle.thread.publications.promise import NOTHING, promised_by
from dentelle.thread.publications.standing import concerned

FILE = "demonstration-registre.json"
PUBLISHED_AFTER = timedelta(days=25)  # what was notified since is awaited
FIRST_YEAR = 2024  # of the format that tells considerations
# ranks of the register, counted round: what happens to them
NEVER, NOT_AS_PROMISED, UNDER_ANOTHER_NUMBER = (11, 3), (13, 5), (17, 7)


def write_register_awards(into: Path, *, today: date) -> Path:
    """Write the file in which the buyers publish the signed contracts of every register; return its path."""
    records = list(_records(today))
    into.mkdir(parents=True, exist_ok=True)
    path = into / FILE
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in records)
    path.write_text('{"marches":{"marche":[\n' + lines + "\n]}}\n", encoding="utf-8")
    return path


def _records(today: date) -> Iterator[dict[str, Any]]:
    contracts = concerned(Contract.objects.all()).select_related("buyer").prefetch_related("obligations")
    # by what people see, not by keys: the same story whatever the database numbers its rows with
    for rank, contract in enumerate(contracts.order_by("structure__name", "number", "title")):
        on = contract.notified_on
        buyer = contract.buyer
        if on is None or buyer is None or on.year < FIRST_YEAR or on > today - PUBLISHED_AFTER:
            continue
        if _is(rank, NEVER):
            continue
        yield _as_published(rank, contract, buyer.siret or buyer.siren, on)


def _is(rank: int, turn: tuple[int, int]) -> bool:
    return rank % turn[0] == turn[1]


def _as_published(rank: int, contract: Contract, buyer: str, on: date) -> dict[str, Any]:
    promised = promised_by(each.clause_type for each in contract.obligations.all()).values(contract.kind)
    holders = Holder.objects.filter(contract=contract).select_related("organisation").order_by("pk")
    months = 12
    if contract.starts_on and contract.ends_on:
        months = max(1, round((contract.ends_on - contract.starts_on).days / 30))
    return {
        "id": f"F{rank:06d}" if _is(rank, UNDER_ANOTHER_NUMBER) else contract.number,
        "acheteur": {"id": buyer},
        "nature": "Marché",
        "objet": contract.title,
        "codeCPV": contract.cpv,
        "techniques": {"technique": ["Accord-cadre" if contract.is_framework else "Sans objet"]},
        "modalitesExecution": {"modaliteExecution": ["Bons de commande" if contract.is_framework else "Sans objet"]},
        "marcheInnovant": False,
        "attributionAvance": False,
        "sousTraitanceDeclaree": False,
        "ccag": "Travaux" if contract.kind == "works" else "Fournitures courantes et services",
        "offresRecues": 2 + rank % 5,
        "typeGroupementOperateurs": "Pas de groupement",
        "procedure": "Procédure adaptée",
        "lieuExecution": {"code": "79", "typeCode": "Code département"},
        "dureeMois": months,
        "dateNotification": on.isoformat(),
        "datePublicationDonnees": (on + PUBLISHED_AFTER).isoformat(),
        "montant": (contract.amount_cents or 0) // 100,
        "typesPrix": {"typePrix": ["Définitif révisable"]},
        "formePrix": "Forfaitaire",
        "titulaires": [
            {"titulaire": {"id": each.organisation.identifier, "typeIdentifiant": "SIRET"}} for each in holders
        ],
        "considerationsSociales": {"considerationSociale": [NOTHING] if _is(rank, NOT_AS_PROMISED) else list(promised)},
        "considerationsEnvironnementales": {"considerationEnvironnementale": ["Clause environnementale"]},
    }
