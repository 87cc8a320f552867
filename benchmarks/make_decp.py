"""Write a large fictional DECP 2022 file: fixed seed, distinct numbers, stated shares of every accident.

    python -m benchmarks.make_decp --megabytes 500 --seed 1 --out decp.json [--format json|ndjson|xml] [--records N]

Buyers bear the real SIREN of communes and EPCI (public register of territories) with made-up establishments, so that territories work;
everything else is invented. Shares are of the records written and are told at the head of the file (JSON and XML) and on screen.
"""

import argparse
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

ROOT: Final = Path(__file__).resolve().parent.parent
REGISTER: Final = ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"
LAST_DAY: Final = date(2026, 10, 31)
FIRST_DAY: Final = date(2018, 1, 2)

# share of the records written, by what happens to them
SHARES: Final = {
    "repeated": 0.06,  # written again as it is
    "republished": 0.01,  # written again with a later publication date
    "modified": 0.04,  # with one to three modifications (1.4 % of the records counted in 2018-2021 files)
    "lot": 0.03,  # same number as an earlier contract, other holder, object and amount
    "co_holders": 0.06,
    "subcontracted": 0.01,
    "framework": 0.12,
    "lost_accents": 0.02,
    "date_missing": 0.03,
    "date_time_zone": 0.02,
    "date_ancient": 0.0005,
    "date_future": 0.0005,
    "amount_zero": 0.008,
    "amount_placeholder": 0.002,
    "amount_too_large": 0.0005,
    "amount_as_text": 0.005,
    "holder_bad_key": 0.01,
    "holder_foreign": 0.01,
    "holder_kind_off_list": 0.003,
    "buyer_wrong": 0.004,
    "cpv_malformed": 0.008,
    "procedure_off_list": 0.01,
    "place_kind_missing": 0.003,
    "duration_nc": 0.003,
    "offers_zero": 0.005,
    "nested_holders": 0.0005,
    "nan_token": 0.000004,  # JSON only, as the next ones: these break a strict reading of the whole
    "control_character": 0.000004,
    "invalid_utf8": 0.000004,
    "null_contract": 0.000004,
    "broken_record": 0.000004,
}
STRUCTURAL: Final = ("nan_token", "control_character", "invalid_utf8", "null_contract", "broken_record")

ACTIONS: Final = (
    "Réfection", "Rénovation énergétique", "Extension", "Construction", "Entretien", "Maintenance", "Réhabilitation", "Aménagement",
    "Mise en accessibilité", "Nettoyage", "Fourniture et pose", "Remplacement", "Restructuration", "Exploitation", "Assistance", "Location",
)  # fmt: skip
WORKS: Final = (
    ("de la toiture", "45261000"), ("des menuiseries extérieures", "45421000"), ("du réseau d'eau potable", "45231300"), ("de la voirie", "45233140"),
    ("des espaces verts", "77310000"), ("des locaux", "90910000"), ("du chauffage", "50720000"), ("de la restauration collective", "55523000"),
    ("des installations électriques", "45310000"), ("de la peinture et des sols", "45440000"), ("du gros œuvre", "45223220"),
    ("de la plomberie", "45330000"), ("des ascenseurs", "50750000"), ("de l'éclairage public", "34928500"), ("du parc informatique", "30200000"),
    ("des véhicules", "34100000"), ("du mobilier scolaire", "39160000"), ("de la collecte des déchets", "90511000"), ("des transports scolaires", "60130000"),
    ("de la mission de maîtrise d'œuvre", "71200000"), ("du contrôle technique", "71356100"), ("des assurances", "66510000"),
    ("de la formation des agents", "80500000"), ("du gardiennage", "79713000"),
)  # fmt: skip
SITES: Final = (
    "de l'école Jules-Ferry", "du groupe scolaire des Tilleuls", "de la médiathèque", "de l'hôtel de ville", "du gymnase des Peupliers",
    "de la piscine intercommunale", "du centre technique", "de la salle polyvalente", "du quartier de la Gare", "des bâtiments communaux",
    "du pôle petite enfance", "de la maison de santé", "du collège", "de la crèche des Lilas", "de la résidence autonomie", "du stade",
)  # fmt: skip
TAILS: Final = (
    "", "", " - programme pluriannuel", " - relance", " - tranche ferme et tranches optionnelles", " - accord-cadre à bons de commande",
    " pour le compte du groupement de commandes", " sur le territoire de la collectivité et de ses communes membres",
)  # fmt: skip
PROCEDURES: Final = ("Procédure adaptée", "Appel d'offres ouvert", "Appel d'offres restreint", "Procédure avec négociation", "Dialogue compétitif",
    "Marché passé sans publicité ni mise en concurrence préalable")  # fmt: skip
CCAG: Final = (
    "Travaux",
    "Fournitures courantes et services",
    "Prestations intellectuelles",
    "Pas de CCAG",
    "Maitrise d'œuvre",
)
SOCIAL: Final = ("Pas de considération sociale", "Clause sociale", "Critère social", "Marché réservé")
ENVIRONMENT: Final = ("Pas de considération environnementale", "Clause environnementale", "Critère environnemental")
PRICE_TYPES: Final = ("Définitif révisable", "Définitif ferme", "Définitif actualisable", "Provisoire")


def luhn_key(digits: str) -> str:
    """The digit that makes ``digits`` + it valid."""
    total = 0
    for rank, sign in enumerate(reversed(digits)):
        value = int(sign) * (1 if rank % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siret(siren: str, establishment: int) -> str:
    nic = f"{establishment:04d}"
    return siren + nic + luhn_key(siren + nic)


class Maker:
    """Writes records as Python objects, all drawn from one seed."""

    def __init__(self, seed: int, *, sound: bool = False) -> None:
        self.sound = sound
        self.random = random.Random(seed)  # noqa: S311 -- a benchmark, not a secret
        self.buyers = self.read_buyers()
        self.weights = [weight for _, _, weight in self.buyers]
        self.holders = []
        for rank in range(60_000):
            siren8 = f"999{rank:05d}"  # a range no company bears
            siren = siren8 + luhn_key(siren8)
            self.holders.append(siret(siren, 1 + rank % 7))
        days = (LAST_DAY - FIRST_DAY).days + 1
        self.days = [(FIRST_DAY + timedelta(days=rank)).isoformat() for rank in range(days)]
        self.counts = dict.fromkeys(SHARES, 0)
        self.made = 0
        self.recent: list[dict[str, Any]] = []

    def read_buyers(self) -> list[tuple[str, str, int]]:
        """(SIRET, postal code, weight) of communes and EPCI, weight by population."""
        communes = json.loads((REGISTER / "communes.json").read_text(encoding="utf-8"))
        epci = json.loads((REGISTER / "epci.json").read_text(encoding="utf-8"))
        buyers = [
            (siret(commune["siren"], 1), commune["codesPostaux"][0], commune.get("population", 0) + 50)
            for commune in communes
            if commune.get("siren") and commune.get("codesPostaux")
        ]
        postal = {commune["code"]: commune["codesPostaux"][0] for commune in communes if commune.get("codesPostaux")}
        buyers += [
            (siret(group["code"], 1), postal.get(group["membres"][0]["code"], "75001"), group["populationTotale"] + 200)
            for group in epci
            if group["membres"]
        ]
        return buyers

    def happens(self, name: str) -> bool:
        if self.random.random() >= SHARES[name]:
            return False
        self.counts[name] += 1
        return True

    def records(self) -> Iterator[dict[str, Any] | None]:
        """Records without end: new ones, repetitions, republications, lots, and the accidents of structure as markers."""
        while True:
            drawn = self.random.choices(self.buyers, self.weights, k=2000)
            for buyer in drawn:
                if self.recent and self.happens("repeated"):
                    yield self.random.choice(self.recent)
                elif self.recent and self.happens("republished"):
                    yield self.republished(self.random.choice(self.recent))
                elif self.recent and self.happens("lot"):
                    yield self.lot(self.random.choice(self.recent), buyer)
                else:
                    record = self.record(buyer)
                    if len(self.recent) < 4000:
                        self.recent.append(record)
                    else:
                        self.recent[self.made % 4000] = record
                    yield record

    def republished(self, record: dict[str, Any]) -> dict[str, Any]:
        return {**record, "datePublicationDonnees": self.days[-1 - self.random.randrange(60)]}

    def lot(self, record: dict[str, Any], buyer: tuple[str, str, int]) -> dict[str, Any]:
        other = self.record(buyer)
        rank = self.random.randrange(2, 30)
        return {**other, "id": record["id"], "acheteur": record["acheteur"], "objet": f"Lot {rank} : {other['objet']}"}

    def holder(self) -> dict[str, Any]:
        identifier, kind = self.holders[int(len(self.holders) * self.random.random() ** 2)], "SIRET"
        if self.happens("holder_bad_key"):
            identifier = identifier[:-1] + str((int(identifier[-1]) + 3) % 10)
        elif self.happens("holder_foreign"):
            identifier, kind = f"BE0{self.random.randrange(10**9):09d}", "TVA"
        elif self.happens("holder_kind_off_list"):
            kind = "siret"
        return {"titulaire": {"id": identifier, "typeIdentifiant": kind}}

    def amount(self) -> Any:
        if self.happens("amount_zero"):
            return 0
        if self.happens("amount_placeholder"):
            return self.random.choice((99999, 999999999, 123456789, 11111.11))
        if self.happens("amount_too_large"):
            return 1.0e17
        amount = round(min(self.random.lognormvariate(11.3, 1.5), 9.0e8), 2)
        if self.random.random() < 0.4:
            amount = round(amount, -2) or 100.0
        return str(amount) if self.happens("amount_as_text") else amount

    def record(self, buyer: tuple[str, str, int]) -> dict[str, Any]:
        draw, happens = self.random, self.happens
        self.made += 1
        day = int(draw.random() * (len(self.days) - 40))
        notified, published = self.days[day], self.days[day + 1 + draw.randrange(39)]
        thing, cpv = WORKS[draw.randrange(len(WORKS))]
        subject = f"{ACTIONS[draw.randrange(len(ACTIONS))]} {thing} {SITES[draw.randrange(len(SITES))]}{TAILS[draw.randrange(len(TAILS))]}"
        if happens("lost_accents"):
            subject = subject.replace("é", "\ufffd").replace("è", "\ufffd")
        if happens("date_ancient"):
            notified = "0218" + notified[4:]
        elif happens("date_future"):
            notified = "5021" + notified[4:]
        elif happens("date_time_zone"):
            notified += "+01:00"
        framework = happens("framework")
        months = draw.choice((1, 3, 6, 12, 12, 12, 24, 36, 48, 48))
        holders: list[Any] = [self.holder() for _ in range(draw.randrange(2, 4) if happens("co_holders") else 1)]
        if happens("nested_holders"):
            holders = [holders]
        record: dict[str, Any] = {
            "id": f"{day // 365 + 2018}{self.made:08d}",
            "acheteur": {"id": buyer[0][:-1] + "X" if happens("buyer_wrong") else buyer[0]},
            "nature": "Marché",
            "objet": subject,
            "codeCPV": cpv[:7] if happens("cpv_malformed") else cpv,
            "techniques": {"technique": ["Accord-cadre" if framework else "Sans objet"]},
            "modalitesExecution": {"modaliteExecution": ["Bons de commande" if framework else "Sans objet"]},
            "marcheInnovant": draw.random() < 0.01,
            "ccag": CCAG[draw.randrange(len(CCAG))],
            "offresRecues": 0 if happens("offers_zero") else draw.randrange(1, 12),
            "attributionAvance": False,
            "sousTraitanceDeclaree": draw.random() < 0.1,
            "typeGroupementOperateurs": "Pas de groupement" if len(holders) == 1 else "Solidaire",
            "procedure": "Appel d offres ouvert"
            if happens("procedure_off_list")
            else PROCEDURES[min(int(draw.random() ** 2 * len(PROCEDURES)), len(PROCEDURES) - 1)],
            "lieuExecution": {"code": buyer[1], **({} if happens("place_kind_missing") else {"typeCode": "Code postal"})},
            "dureeMois": "NC" if happens("duration_nc") else months,
            "dateNotification": notified,
            "datePublicationDonnees": published,
            "montant": self.amount(),
            "typesPrix": {"typePrix": [PRICE_TYPES[draw.randrange(4)]]},
            "formePrix": "Unitaire" if framework else "Forfaitaire",
            "titulaires": holders,
            "considerationsSociales": {"considerationSociale": [SOCIAL[int(draw.random() ** 3 * 4)]]},
            "considerationsEnvironnementales": {"considerationEnvironnementale": [ENVIRONMENT[int(draw.random() ** 2 * 3)]]},
        }  # fmt: skip
        if happens("date_missing"):
            del record["dateNotification"]
        if happens("modified"):
            record["modifications"] = self.modifications(day, months)
        if happens("subcontracted"):
            record["actesSousTraitance"] = [self.subcontract(notified, months)]
        return record

    def modifications(self, day: int, months: int) -> list[Any]:
        changes = []
        for rank in range(1, self.random.randrange(2, 5)):
            at = self.days[min(day + 60 * rank, len(self.days) - 1)]
            change: dict[str, Any] = {
                "id": rank,
                "dateNotificationModification": at,
                "datePublicationDonneesModification": at,
            }
            if self.random.random() < 0.7:
                change["montant"] = round(self.random.lognormvariate(11.3, 1.5), 2)
            if self.random.random() < 0.4:
                change["dureeMois"] = months + 3 * rank
            if self.random.random() < 0.1:
                change["titulaires"] = [self.holder()]
            changes.append({"modification": change})
        return changes

    def subcontract(self, notified: str, months: int) -> dict[str, Any]:
        party = {"id": self.holders[self.random.randrange(len(self.holders))], "typeIdentifiant": "SIRET"}
        amount = round(self.random.lognormvariate(9.5, 1), 2)
        return {"acteSousTraitance": {"id": 1, "sousTraitant": party, "dureeMois": months, "dateNotification": notified, "montant": amount,
            "variationPrix": "Ferme", "datePublicationDonnees": notified}}  # fmt: skip


def as_json(maker: Maker, record: dict[str, Any]) -> bytes:
    import msgspec

    return _damaged(maker, msgspec.json.encode(record))


def _damaged(maker: Maker, text: bytes) -> bytes:
    """The accidents that break a strict reading, at their stated share."""
    if maker.random.random() >= sum(SHARES[name] for name in STRUCTURAL):
        return text
    if maker.sound:
        maker.random.randrange(len(STRUCTURAL))
        return text
    name = STRUCTURAL[maker.random.randrange(len(STRUCTURAL))]
    maker.counts[name] += 1
    if name == "nan_token":
        return text.replace(b'"marcheInnovant":', b'"tauxAvance":NaN,"marcheInnovant":', 1)
    if name == "control_character":
        return text.replace(b'"objet":"', b'"objet":"\x01', 1)
    if name == "invalid_utf8":
        return text.replace(b'"objet":"', b'"objet":"\xe9', 1)
    return b"null" if name == "null_contract" else text.replace(b'"nature":"', b'"nature":{{"', 1)


def as_xml(record: dict[str, Any]) -> bytes:
    return f"<marche>{''.join(_tag(name, value) for name, value in record.items())}</marche>".encode()


def _tag(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(_tag(inner, item) for inner, item in value.items())}</{name}>"
    if isinstance(
        value, list
    ):  # ["a"] under its wrapper repeats the wrapper's child; [{"titulaire": {…}}] repeats titulaire
        if value and isinstance(value[0], list):
            value = value[0]
        if value and isinstance(value[0], dict):
            return f"<{name}>{''.join(_tag(inner, item) for part in value for inner, item in part.items())}</{name}>"
        return "".join(f"<{name}>{escape(str(item))}</{name}>" for item in value)
    if isinstance(value, bool):
        return f"<{name}>{'oui' if value else 'non'}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def write(
    out: Path, *, megabytes: float | None, records: int | None, seed: int, form: str, sound: bool = False
) -> dict[str, Any]:
    """Write the file and return what it holds: records, bytes, counts of each accident; ``sound`` leaves out those of structure."""
    maker = Maker(seed, sound=sound)
    largest = int(megabytes * 1_000_000) if megabytes is not None else None
    shares = json.dumps({"seed": seed, "shares": SHARES})
    opening, joint, closing = {
        "json": (b'{"_generated":' + shares.encode() + b',"marches":{"marche":[', b",", b"]}}"),
        "ndjson": (b"", b"\n", b"\n"),
        "xml": (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {shares} -->\n<marches>\n'.encode(),
            b"\n",
            b"\n</marches>\n",
        ),
    }[form]
    written, size = 0, len(opening) + len(closing)
    with out.open("wb", buffering=4 * 1024 * 1024) as file:
        file.write(opening)
        for record in maker.records():
            if (
                record is None
                or (records is not None and written >= records)
                or (largest is not None and size >= largest)
            ):
                break
            text = as_xml(record) if form == "xml" else as_json(maker, record)
            if written:
                file.write(joint)
            file.write(text)
            written += 1
            size += len(text) + len(joint)
        file.write(closing)
    return {"file": str(out), "bytes": out.stat().st_size, "records": written, "seed": seed, "counts": maker.counts}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float)
    parser.add_argument("--records", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--format", choices=("json", "ndjson", "xml"), default="json")
    arguments = parser.parse_args()
    if arguments.megabytes is None and arguments.records is None:
        parser.error("give --megabytes or --records")
    told = write(
        arguments.out,
        megabytes=arguments.megabytes,
        records=arguments.records,
        seed=arguments.seed,
        form=arguments.format,
    )
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
