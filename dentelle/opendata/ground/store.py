"""The ground in memory: loaded in a moment, answers about places, territories and names."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dentelle.opendata.cog.build import FILE_NAME
from dentelle.opendata.cog.shape import PLACES, SCHEMA_VERSION
from dentelle.opendata.ground import tables
from dentelle.opendata.ground.areas import Areas, load_areas
from dentelle.opendata.ground.places import Commune, Department, Epci, GroundMissing, Region, UnknownPlace
from dentelle.opendata.ground.search import Entry, Hit, SearchIndex
from dentelle.opendata.ground.territory import KIND_LABELS
from dentelle.opendata.layers import Layer, latest, loaded_layers
from dentelle.opendata.storage import read_metadata

AREA_KINDS = {"zone": "zones", "committee": "committees"}


def load_ground(directory: Path, *, vintages: Mapping[str, str] | None = None) -> "Ground":
    """Load the ground prepared in ``directory``; raise ``GroundMissing`` when it is absent or of an older make.

    ``vintages`` chooses which loaded file answers for ``zone`` or ``committee``; the last one otherwise.
    """
    path = directory / FILE_NAME
    if not path.is_file():
        raise GroundMissing(directory)
    metadata = read_metadata(path)
    if metadata is None or (metadata.get("schema_version"), metadata.get("columns")) != (SCHEMA_VERSION, PLACES.names):
        raise GroundMissing(directory, "est illisible ou d’une autre version")
    return Ground(directory, pq.read_table(path, schema=PLACES), metadata, vintages or {})


class _Rows:
    """The rows of one kind: found by code, read a row at a time so that loading stays fast."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.codes: list[str] = table.column("code").to_pylist()
        self._index = {code: rank for rank, code in enumerate(self.codes)}

    def __contains__(self, code: str) -> bool:
        return code in self._index

    def get(self, code: str) -> dict[str, Any] | None:
        rank = self._index.get(code)
        return None if rank is None else self.table.slice(rank, 1).to_pylist()[0]


class Ground:
    """Communes, EPCI, departments, regions, and the zonings loaded beside them. Read-only; safe to share."""

    def __init__(
        self, directory: Path, places: pa.Table, metadata: dict[str, Any], vintages: Mapping[str, str]
    ) -> None:
        self.directory = directory
        self.metadata = metadata
        self.vintage = str(metadata["vintage"])
        self._places = places
        self._vintages = vintages
        self._kinds: dict[str, _Rows] = {}

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the published list of communes the ground was built from."""
        return str(self.metadata["sources_sha256"]["communes"])

    def _rows(self, kind: str) -> _Rows:
        if kind not in self._kinds:
            self._kinds[kind] = _Rows(self._places.filter(pc.equal(self._places["kind"], kind)))
        return self._kinds[kind]

    # places

    def resolve(self, code: str) -> str | None:
        """Return the current commune a code leads to (itself, or through a merger, or a municipal arrondissement)."""
        code = code.strip().upper()
        return code if code in self._rows("commune") else self._current_of_former.get(code)

    def commune(self, code: str) -> Commune:
        """Return the current commune of a current or former code; raise ``UnknownPlace`` when it leads nowhere."""
        current = self.resolve(code)
        row = None if current is None else self._rows("commune").get(current)
        if row is None:
            raise self.unknown("commune", code)
        return Commune(
            code=row["code"],
            name=row["name"],
            zone=row["zone"],
            department_code=row["department_code"],
            region_code=row["region_code"],
            arrondissement_code=row["arrondissement_code"],
            epci_code=row["epci_code"],
            ept_code=row["ept_code"],
            siren=row["siren"],
            population=row["population"],
            postal_codes=tuple((row["postal_codes"] or "").split("|")) if row["postal_codes"] else (),
        )

    def epci(self, code: str) -> Epci:
        """Return the EPCI or EPT whose SIREN is ``code``."""
        row = self._rows("epci").get(code) or self._rows("ept").get(code)
        if row is None:
            raise self.unknown("epci", code)
        return Epci(row["code"], row["name"], row["type"], row["population"], row["chief_code"])

    def department(self, code: str) -> Department:
        """Return the department or overseas collectivity of this code (« 01 », « 2A », « 974 »)."""
        row = self._rows("department").get(code.strip().upper())
        if row is None:
            raise self.unknown("department", code)
        return Department(
            row["code"], row["name"], row["region_code"], row["zone"], row["population"], row["chief_code"]
        )

    def region(self, code: str) -> Region:
        """Return the region or overseas collectivity of this code (« 53 », « 04 »)."""
        row = self._rows("region").get(code.strip())
        if row is None:
            raise self.unknown("region", code)
        return Region(row["code"], row["name"], row["zone"], row["population"], row["chief_code"])

    def communes_of_postal_code(self, postal_code: str) -> tuple[str, ...]:
        """Return the codes of the communes a postal code serves, most populous first; empty when it serves none."""
        return self._communes_by_postal_code.get(postal_code.strip(), ())

    def name_of_siren(self, siren: str) -> str | None:
        """Return the name of the commune, EPCI or EPT that has this SIREN, None when it is none of them."""
        row = self._bodies.get(siren)
        return None if row is None else str(row["name"])

    def seat_of_siren(self, siren: str) -> str | None:
        """Return the commune of this SIREN; for an EPCI its most populous member, the seat not being published."""
        row = self._bodies.get(siren)
        return None if row is None else str(row["commune_code"])

    # territories

    def communes_of(self, kind: str, code: str) -> frozenset[str]:
        """Return the current communes of a department, region, EPCI, EPT, zone or committee; empty when unknown."""
        if kind in AREA_KINDS:
            areas = self.areas(kind)
            return areas.members.get(code, frozenset()) if areas else frozenset()
        return self._members[kind].get(code, frozenset())

    def areas(self, kind: str) -> Areas | None:
        """Return the loaded zoning that answers for ``zone`` or ``committee``, None when no file is loaded."""
        return self._areas.get(kind)

    def population_of(self, communes: Collection[str]) -> int | None:
        """Return the municipal population of a set of current communes, None when none of them has one."""
        known = [self._population[code] for code in communes if self._population.get(code) is not None]
        return sum(filter(None, known)) if known else None

    def names_of_code(self, code: str) -> tuple[str, ...]:
        """Return the names a commune code goes by: its own when it is a former one, and its current commune's."""
        names = [self.name_of("former", code), self.name_of("commune", self.resolve(code) or "")]
        return tuple(name for name in names if name)

    def unknown(self, kind: str, asked: str) -> UnknownPlace:
        """Return the refusal of a code or name that leads nowhere, with near ones."""
        near = self._without_leading_zero(kind, asked) or [
            f"{hit.name} ({hit.code})" for hit in self.search(asked, kinds={kind}, limit=5)
        ]
        return UnknownPlace(
            f"{kind}:{asked}", f"ce code ou ce nom de {KIND_LABELS[kind]} n’existe pas au {self.vintage}-01-01", near
        )

    def _without_leading_zero(self, kind: str, asked: str) -> list[str]:
        # the usual cause: a spreadsheet ate the leading zero
        width = {"commune": 5, "department": 2, "region": 2, "zone": 4}.get(kind, 0)
        if not asked.isdigit() or len(asked) >= width:
            return []
        name = self.name_of(kind, asked.zfill(width))
        return [f"{name} ({asked.zfill(width)})"] if name else []

    def commune_codes(self) -> Sequence[str]:
        """Return the codes of all current communes, sorted."""
        return self._rows("commune").codes

    def name_of(self, kind: str, code: str) -> str | None:
        """Return the name of a place or area, None when unknown."""
        if kind in AREA_KINDS:
            areas = self.areas(kind)
            return areas.names.get(code) if areas else None
        for stored in ("epci", "ept") if kind == "epci" else (kind,):
            row = self._rows(stored).get(code)
            if row is not None and row["name"] is not None:
                return str(row["name"])
        return None

    # search

    def search(self, text: str, kinds: Collection[str] | None = None, limit: int = 10) -> list[Hit]:
        """Find places by name, postal code or code; accents, case, hyphens, « St » and small slips are forgiven."""
        return self._index.search(text, kinds, limit)

    # frames, for joins

    def communes_table(self) -> pa.Table:
        """Return one row per current commune: see ``tables.COMMUNES``."""
        return self._communes_table

    def postal_table(self) -> pa.Table:
        """Return one row per (postal code, commune) with the share of the postal code: see ``tables.postal``."""
        return tables.postal(self._rows("commune").table)

    def former_table(self) -> pa.Table:
        """Return one row per former code: former_code, commune_code, type."""
        return tables.former(self._rows("former").table)

    def sirens_table(self) -> pa.Table:
        """Return one row per SIREN of a commune, EPCI or EPT: see ``tables.sirens``."""
        return tables.sirens(self._rows("commune").table, self._rows("epci").table, self._rows("ept").table)

    def areas_table(self, kind: str) -> pa.Table:
        """Return commune_code, area_code, area_name of the loaded zoning; empty when no file is loaded."""
        areas = self.areas(kind)
        return areas.table if areas else tables.NO_AREAS

    @cached_property
    def layers(self) -> list[Layer]:
        """Return the official files loaded beside the ground."""
        return loaded_layers(self.directory)

    def layer(self, kind: str, vintage: str | None = None) -> Layer | None:
        """Return the loaded file of a kind (``sirene``, ``zones``…), the last vintage by default; None when absent."""
        return latest(self.layers, kind, vintage)

    # what is computed once, when first asked

    @cached_property
    def _communes_table(self) -> pa.Table:
        return tables.communes(
            self._rows("commune").table,
            {kind: self._rows(kind).table for kind in ("department", "region", "epci", "ept")},
        )

    @cached_property
    def _current_of_former(self) -> dict[str, str]:
        table = self._rows("former").table
        return dict(zip(table["code"].to_pylist(), table["current_code"].to_pylist(), strict=True))

    @cached_property
    def _population(self) -> dict[str, int | None]:
        table = self._rows("commune").table
        return dict(zip(table["code"].to_pylist(), table["population"].to_pylist(), strict=True))

    @cached_property
    def _communes_by_postal_code(self) -> dict[str, tuple[str, ...]]:
        served: dict[str, list[str]] = {}
        table = self._rows("commune").table
        for code, joined in zip(table["code"].to_pylist(), table["postal_codes"].to_pylist(), strict=True):
            for postal_code in (joined or "").split("|") if joined else ():
                served.setdefault(postal_code, []).append(code)
        by_size = {code: (-(population or 0), code) for code, population in self._population.items()}
        return {postal_code: tuple(sorted(codes, key=by_size.__getitem__)) for postal_code, codes in served.items()}

    @cached_property
    def _members(self) -> dict[str, dict[str, frozenset[str]]]:
        table = self._rows("commune").table
        codes = table["code"].to_pylist()
        grouped: dict[str, dict[str, set[str]]] = {"department": {}, "region": {}, "epci": {}}
        for column in ("department", "region", "epci", "ept"):
            # an EPT is asked for as an EPCI: both are SIREN, they never collide
            groups = grouped["epci" if column == "ept" else column]
            for code, group in zip(codes, table[f"{column}_code"].to_pylist(), strict=True):
                if group is not None:
                    groups.setdefault(group, set()).add(code)
        return {
            kind: {code: frozenset(members) for code, members in groups.items()} for kind, groups in grouped.items()
        }

    @cached_property
    def _bodies(self) -> dict[str, dict[str, Any]]:
        return {row["siren"]: row for row in self.sirens_table().to_pylist()}

    @cached_property
    def _areas(self) -> dict[str, Areas]:
        return load_areas(self.layers, AREA_KINDS, self._vintages)

    @cached_property
    def _index(self) -> SearchIndex:
        return _search_index(self._places, self._areas, self._population, self._communes_by_postal_code)


def _search_index(
    places: pa.Table,
    areas: dict[str, Areas],
    population: dict[str, int | None],
    served: dict[str, tuple[str, ...]],
) -> SearchIndex:
    entries: list[Entry] = []
    codes: dict[str, list[int]] = {}
    rank_of_commune: dict[str, int] = {}
    columns = ("kind", "code", "name", "search_key", "population", "department_code", "current_code", "siren")
    names: dict[str, str] = {}
    departments: dict[str, str] = {}
    former = []
    for row in zip(*(places[column].to_pylist() for column in columns), strict=True):
        kind, code, name, key, inhabitants, department, current, siren = row
        if kind == "former":
            former.append((code, name, key, current))
            continue
        if kind == "arrondissement":
            continue
        if kind == "commune":
            rank_of_commune[code] = len(entries)
            names[code], departments[code] = name, department
            if siren:
                codes.setdefault(siren, []).append(len(entries))
        shown = "epci" if kind == "ept" else kind
        codes.setdefault(code, []).append(len(entries))
        entries.append(Entry(shown, code, name, key, inhabitants or 0, department))
    for code, name, key, current in former:
        if name is None:
            codes.setdefault(code, []).append(rank_of_commune[current])
            continue
        codes.setdefault(code, []).append(len(entries))
        entries.append(
            Entry(
                "commune",
                current,
                names[current],
                key,
                population[current] or 0,
                departments[current],
                f"{name} ({code})",
            )
        )
    for kind, zoning in areas.items():
        for code, name in zoning.names.items():
            inhabitants = sum(population.get(commune) or 0 for commune in zoning.members[code])
            codes.setdefault(code, []).append(len(entries))
            entries.append(Entry(kind, code, name, zoning.keys[code], inhabitants, None))
    for postal_code, communes in served.items():
        codes.setdefault(postal_code, []).extend(rank_of_commune[commune] for commune in communes)
    return SearchIndex(entries, codes, frozenset(departments.values()))
