"""Drops a purchase plan of ten thousand lines on an empty installation and writes what it took. Run by ``bench_plans``."""

import io
import json
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
TITLES = ("N°", "Objet", "Nature", "Montant estimé HT", "Durée (mois)", "Date de lancement", "CPV", "Service")
OBJECTS = ("Entretien des espaces verts", "Nettoyage des locaux", "Réfection de la toiture", "Travaux de voirie",
           "Fourniture de papier", "Maîtrise d’œuvre", "Divers")  # fmt: skip
ROUNDS = 5


def main(few: int, many: int, told: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    member, buyer = _people()
    answers: dict[str, Any] = {"vendor": connection.vendor}
    for name, count, year in (("few", few, 2027), ("many", many, 2028)):
        answers[name] = _measured(member, buyer, _lines(count, year), year)
    answers["hostile"] = _hostile(told.parent)
    told.write_text(json.dumps(answers))


def _people() -> tuple[Any, Any]:
    from dentelle.foundations.accounts.models import User
    from dentelle.foundations.directory.models import NameSource, Organisation
    from dentelle.foundations.organisations.models import Membership, Network, Structure, StructureStatus

    structure = Structure.objects.create(
        network=Network.objects.create(name="Réseau"),
        name="S",
        slug="s",
        status=StructureStatus.APPROVED,
        approved_at=AT,
    )
    user = User.objects.create(email="p@essai.example", full_name="Personne")
    buyer = Organisation.objects.create(
        siret="21350238800019",
        siren="213502388",
        name="Ville",
        sort_name="ville",
        name_source=NameSource.TYPED,
        created_at=AT,
        updated_at=AT,
    )
    return Membership.objects.create(user=user, structure=structure, role="facilitator"), buyer


def _lines(count: int, year: int) -> list[tuple[object, ...]]:
    random = Random(7)  # noqa: S311 (the same plan each time)
    return [
        (
            f"{year}-{rank:05d}",
            f"{random.choice(OBJECTS)}, secteur {rank}",
            random.choice(("Services", "Travaux", "Fournitures", "")),
            random.choice(("à définir", random.randrange(20_000, 9_000_000))),
            random.choice((12, 24, 36, 48)),
            f"{random.randrange(1, 28):02d}/{random.randrange(1, 12):02d}/{year}",
            random.choice(("", "77310000", "90910000-9")),
            "Service",
        )
        for rank in range(count)
    ]


def _measured(member: Any, buyer: Any, lines: list[tuple[object, ...]], year: int) -> dict[str, float]:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from dentelle.foundations.intake import actions
    from dentelle.foundations.intake.droppers import Dropper
    from dentelle.thread.plans.target import PurchasePlanTarget

    target, dropper = PurchasePlanTarget(), Dropper(member.user, membership=member)
    content = _workbook(lines)

    def drop() -> Any:
        return actions.receive(
            dropper,
            target,
            SimpleUploadedFile("plan.xlsx", content),
            structure=member.structure,
            organisation=buyer,
            options={"year": year},
            at=AT,
        )

    started = time.perf_counter()
    dropped = drop()
    read = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        actions.ask_write(dropper, dropped, target, at=AT)
    written = time.perf_counter()
    drop()
    return {
        "lines": len(lines),
        "read": read - started,
        "write": written - read,
        "again": time.perf_counter() - written,
        "queries": len([each for each in captured if not each["sql"].startswith("INSERT")]),
    }


def _workbook(lines: list[tuple[object, ...]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Plan")
        for number, row in enumerate((TITLES, *lines)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def _hostile(folder: Path) -> dict[str, float]:
    """How long a file meant to harm is looked at before it is refused: the longest of a few."""
    from dentelle.foundations.intake.reading import IntakeRefused, read_grid
    from dentelle.thread.plans.fields import FIELDS

    blank = b"".join(b'<row r="%d"/>' % number for number in range(1, 1_000_001))
    sheets = {
        "blank rows": b'<?xml version="1.0"?><worksheet><sheetData>' + blank + b"</sheetData></worksheet>",
        "bomb": b"<worksheet>" + b" " * 400_000_000,
    }
    took = {}
    for name, sheet in sheets.items():
        path = folder / "hostile.xlsx"
        with (
            zipfile.ZipFile(io.BytesIO(_workbook([]))) as source,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for member in source.namelist():
                archive.writestr(member, sheet if member == "xl/worksheets/sheet1.xml" else source.read(member))
        longest = 0.0
        for _ in range(ROUNDS):
            started = time.perf_counter()
            try:
                read_grid(path, FIELDS)
            except IntakeRefused:
                longest = max(longest, time.perf_counter() - started)
            else:
                raise RuntimeError(f"{name}: not refused")
        took[name] = longest
    return took


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
