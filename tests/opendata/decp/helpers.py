"""Fictional records and small data sets for the tests of the import."""

import copy
import json
from pathlib import Path
from typing import Any

import duckdb

from dentelle.opendata.decp.dataset import Dataset, open_dataset
from dentelle.opendata.decp.importing import ImportSummary, import_files


def luhn_key(digits: str) -> str:
    """The last digit that makes an identifier valid."""
    for key in "0123456789":
        total = 0
        for rank, sign in enumerate(reversed(digits + key)):
            value = int(sign) * (2 if rank % 2 else 1)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return key
    raise AssertionError


def siret(siren8: str, nic4: str = "0001") -> str:
    """A fictional SIRET of right key, from the first 8 digits of the SIREN and 4 of the NIC."""
    siren = siren8 + luhn_key(siren8)
    return siren + nic4 + luhn_key(siren + nic4)


BUYER, OTHER_BUYER = siret("21990001"), siret("21990002")
HOLDER, OTHER_HOLDER, THIRD_HOLDER = siret("99000001"), siret("99000002"), siret("99000003")

CONTRACT_2022: dict[str, Any] = {
    "id": "2024TRV001",
    "acheteur": {"id": BUYER},
    "nature": "Marché",
    "objet": "Réfection de la toiture de l'école",
    "codeCPV": "45261210",
    "techniques": {"technique": ["Sans objet"]},
    "modalitesExecution": {"modaliteExecution": ["Sans objet"]},
    "marcheInnovant": False,
    "ccag": "Travaux",
    "offresRecues": 3,
    "attributionAvance": False,
    "sousTraitanceDeclaree": False,
    "typeGroupementOperateurs": "Pas de groupement",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "35000", "typeCode": "Code postal"},
    "dureeMois": 6,
    "dateNotification": "2024-03-01",
    "datePublicationDonnees": "2024-03-15",
    "montant": 120500.5,
    "typesPrix": {"typePrix": ["Définitif ferme"]},
    "formePrix": "Forfaitaire",
    "titulaires": [{"titulaire": {"id": HOLDER, "typeIdentifiant": "SIRET"}}],
    "considerationsSociales": {"considerationSociale": ["Clause sociale"]},
    "considerationsEnvironnementales": {"considerationEnvironnementale": ["Pas de considération environnementale"]},
}

CONTRACT_2019: dict[str, Any] = {
    "id": "2018TRV00100",
    "acheteur": {"id": BUYER, "nom": "Commune d’Exemple"},
    "_type": "Marché",
    "nature": "Marché",
    "objet": "Entretien des espaces verts",
    "codeCPV": "77310000-6",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "35000", "typeCode": "Code postal", "nom": "Exemple"},
    "dureeMois": 12,
    "dateNotification": "2018-12-17",
    "datePublicationDonnees": "2019-01-10",
    "montant": 84000,
    "formePrix": "Ferme",
    "titulaires": [{"typeIdentifiant": "SIRET", "id": HOLDER, "denominationSociale": "Jardins Fictifs"}],
    "modifications": [],
}

CONCESSION_2022: dict[str, Any] = {
    "id": "2024DSP01",
    "autoriteConcedante": {"id": BUYER},
    "nature": "Délégation de service public",
    "objet": "Exploitation de la halle",
    "procedure": "Procédure négociée ouverte",
    "dureeMois": 240,
    "dateSignature": "2024-02-02",
    "datePublicationDonnees": "2024-02-12",
    "dateDebutExecution": "2024-04-01",
    "valeurGlobale": 900000,
    "montantSubventionPublique": 0,
    "concessionnaires": [{"concessionnaire": {"id": HOLDER, "typeIdentifiant": "SIRET"}}],
    "considerationsSociales": {"considerationSociale": ["Concession réservée"]},
    "considerationsEnvironnementales": {"considerationEnvironnementale": ["Clause environnementale"]},
}


def contract(**changes: Any) -> dict[str, Any]:
    """A sound 2022 contract with some fields changed; ``None`` removes one."""
    return _changed(CONTRACT_2022, changes)


def former(**changes: Any) -> dict[str, Any]:
    """A sound 2019 contract with some fields changed."""
    return _changed(CONTRACT_2019, changes)


def concession(**changes: Any) -> dict[str, Any]:
    """A sound 2022 concession with some fields changed."""
    return _changed(CONCESSION_2022, changes)


def _changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    record = copy.deepcopy(base)
    for name, value in changes.items():
        if value is None:
            record.pop(name, None)
        else:
            record[name] = value
    return record


def text_2022(*records: Any, indent: int | None = None) -> str:
    """A 2022 file; concessions are told by their buyer's field."""
    contracts = [record for record in records if not (isinstance(record, dict) and "autoriteConcedante" in record)]
    concessions = [record for record in records if isinstance(record, dict) and "autoriteConcedante" in record]
    marches: dict[str, Any] = {}
    if contracts or not concessions:
        marches["marche"] = contracts
    if concessions:
        marches["contrat-concession"] = concessions
    return json.dumps({"marches": marches}, ensure_ascii=False, indent=indent)


def text_2019(*records: Any, indent: int | None = None) -> str:
    """A 2019 file."""
    return json.dumps({"marches": list(records)}, ensure_ascii=False, indent=indent)


class Imported:
    """A small data set and what its import said."""

    def __init__(self, summary: ImportSummary, dataset: Dataset) -> None:
        self.summary, self.dataset = summary, dataset

    def rows(self, table: str, order: str = "ALL") -> list[dict[str, Any]]:
        with duckdb.connect() as connection:
            found = connection.execute(
                f"SELECT * FROM read_parquet(?) ORDER BY {order}", [str(self.dataset.path(table))]
            )
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def contracts(self) -> list[dict[str, Any]]:
        return self.rows("contracts", "uid NULLS LAST, kind, lot_rank, contract_key")

    def only(self) -> dict[str, Any]:
        (row,) = self.contracts()
        return row

    def flags(self) -> set[str]:
        return {flag for row in self.contracts() for flag in (row["flags"] or "").split("|") if flag}


def importing(folder: Path, *contents: str | bytes, suffix: str = ".json", **options: Any) -> Imported:
    """Write each content to a file of ``folder`` and import them all."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for content in contents:
        path = folder / f"source-{len(list(folder.glob('source-*')))}{suffix}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    summary = import_files(paths, folder / "data", workers=options.pop("workers", 0), **options)
    return Imported(summary, open_dataset(folder / "data"))


def one(folder: Path, record: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The only contract row of a file of one record."""
    text = text_2019(record) if "_type" in record else text_2022(record)
    return importing(folder, text, **options).only()


def flags_of(row: dict[str, Any]) -> set[str]:
    """The defects told of a row."""
    return set((row["flags"] or "").split("|")) - {""}


def held_by(*identifiers: str) -> list[dict[str, Any]]:
    """The holders of a 2022 record."""
    return [{"titulaire": {"id": identifier, "typeIdentifiant": "SIRET"}} for identifier in identifiers]
