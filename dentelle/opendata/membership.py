"""Official files that say which area each commune belongs to: employment zones, local employment committees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dentelle.opendata.commune_codes import Report, read_commune
from dentelle.opendata.ground import Ground
from dentelle.opendata.ground.areas import AREAS
from dentelle.opendata.layers import Loaded, Loading, layer_path
from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.storage import read_metadata, write_table
from dentelle.opendata.tabular import Field, Line, Sheet, read_sheet

SHOWN_ERRORS = 5


@dataclass(frozen=True, slots=True)
class AreaSource:
    """One kind of file: its columns, the form of its area codes, the width of those that may have lost a zero."""

    kind: str
    label: str  # French, plural: « zones d’emploi »
    fields: tuple[
        Field, ...
    ]  # commune_code, area_code, area_name; commune_name and department_code help to prove codes
    area_code: re.Pattern[str]
    padded_width: int | None
    attribution: str


@dataclass(frozen=True, slots=True)
class _Membership:
    commune: str
    written: str
    area: str
    line: Line


def load_areas_file(source: AreaSource, ground: Ground, loading: Loading) -> Loaded:
    """Take a file in: one row per current commune, written beside the ground; nothing is written when it is refused.

    Idempotent: the same file, vintage, validity and geographic code are recognised and left alone.
    """
    path = layer_path(loading.directory, source.kind, loading.vintage)
    identity = loading.identity(source.kind, ground.fingerprint, source.attribution)
    present = read_metadata(path)
    if present is not None and {key: present.get(key) for key in identity} == identity:
        return Loaded(path, present, made=False)
    sheet = read_sheet(loading.source, source.fields)
    report = Report()
    memberships, names = _read(source, ground, sheet, report)
    area_of = _one_area_each(memberships, sheet, report)
    _refuse_if_needed(source, sheet, report)
    rows = [
        {"commune_code": commune, "area_code": area, "area_name": names[area]}
        for commune, area in sorted(area_of.items())
    ]
    metadata: dict[str, Any] = {
        **identity,
        "rows": len(rows),
        "areas": len(set(area_of.values())),
        "lines": len(sheet.lines),
        "unmatched_count": len(set(report.unmatched)),
        "unmatched": sorted(set(report.unmatched))[:1000],
        "former": dict(sorted(report.former.items())),
        "repaired_count": len(report.repaired),
        "conflicts": sorted(set(report.conflicts)),
    }
    write_table(pa.Table.from_pylist(rows, schema=AREAS), path, metadata)
    return Loaded(path, metadata, made=True)


def _read(source: AreaSource, ground: Ground, sheet: Sheet, report: Report) -> tuple[list[_Membership], dict[str, str]]:
    names: dict[str, str] = {}
    memberships = []
    for line in sheet.lines:
        area = _area_code(source, sheet, line, report)
        commune = read_commune(ground, line, sheet.headers["commune_code"], report)
        if area is None or commune is None:
            continue
        name = line.cells["area_name"]
        if names.setdefault(area, name) != name:
            report.refuse(
                line, sheet.headers["area_name"], f"{area} s’appelait « {names[area]} » plus haut, ici « {name} »"
            )
        memberships.append(_Membership(commune, line.cells["commune_code"].upper().zfill(5), area, line))
    return memberships, names


def _area_code(source: AreaSource, sheet: Sheet, line: Line, report: Report) -> str | None:
    code = line.cells["area_code"]
    if source.padded_width and code.isdigit() and len(code) < source.padded_width:
        # all codes of the nomenclature have the same width: only one of them has this numeric value
        code = code.zfill(source.padded_width)
        report.repaired.append(code)
    if source.area_code.fullmatch(code):
        return code
    report.refuse(line, sheet.headers["area_code"], f"« {code[:20]} » n’est pas un code de {source.label}")
    return None


def _one_area_each(memberships: Sequence[_Membership], sheet: Sheet, report: Report) -> dict[str, str]:
    """Return the area of each current commune: its own line first, else its former parts when they agree."""
    own: dict[str, _Membership] = {}
    inherited: dict[str, set[str]] = {}
    for membership in memberships:
        if membership.written != membership.commune:
            inherited.setdefault(membership.commune, set()).add(membership.area)
        elif own.setdefault(membership.commune, membership).area != membership.area:
            first = own[membership.commune]
            report.refuse(
                membership.line,
                sheet.headers["area_code"],
                f"{membership.commune} est en {membership.area}, et en {first.area} à la ligne {first.line.number}",
            )
    areas = {commune: membership.area for commune, membership in own.items()}
    for commune, found in inherited.items():
        if commune in areas:
            continue
        if len(found) == 1:
            areas[commune] = next(iter(found))
        else:
            report.conflicts.append(commune)
    return areas


def _refuse_if_needed(source: AreaSource, sheet: Sheet, report: Report) -> None:
    if report.errors:
        more = len(report.errors) - SHOWN_ERRORS
        shown = " ; ".join(report.errors[:SHOWN_ERRORS])
        raise SourceRefused(
            "lines_refused",
            f"{len(report.errors)} erreur(s) : {shown}{f' ; et {more} autre(s)' if more > 0 else ''}.",
            path=sheet.path,
        )
    if len(report.unmatched) * 2 >= len(sheet.lines):
        raise SourceRefused(
            "communes_unknown",
            f"{len(report.unmatched)} codes communes sur {len(sheet.lines)} lignes sont inconnus "
            f"(par exemple {', '.join(report.unmatched[:3]) or 'aucune ligne lue'}) : "
            f"ce n’est pas un fichier de {source.label} par commune.",
            path=sheet.path,
        )
