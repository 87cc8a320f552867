"""The ground in the shape the marts join with."""

from dataclasses import dataclass

import pyarrow as pa

from dentelle.opendata.engines import Frame, Session
from dentelle.opendata.ground import Ground
from dentelle.opendata.marts import schema


@dataclass(frozen=True, slots=True)
class GroundFrames:
    """Communes, postal codes, former codes, EPCI and legal units, as in ``schema``, all in one engine."""

    communes: Frame
    postal_codes: Frame
    former_codes: Frame
    epcis: Frame
    legal_units: Frame


def ground_tables(ground: Ground, legal_units: pa.Table | None = None) -> dict[str, pa.Table]:
    """The tables of ``GroundFrames`` by name; ``legal_units`` (``schema.LEGAL_UNITS``) when SIRENE is loaded."""
    communes, postal, former = ground.communes_table(), ground.postal_table(), ground.former_table()
    bodies = ground.sirens_table().to_pylist()
    renamed = {
        "code": "commune_code",
        "name": "commune_name",
        "department": "department_code",
        "region": "region_code",
        "epci": "epci_code",
        "population": "population",
        "siren": "siren",
    }
    epcis = [{"code": row["siren"], "name": row["name"]} for row in bodies if row["kind"] != "commune"]
    return {
        "communes": pa.table({ours: communes[theirs] for ours, theirs in renamed.items()}, schema=schema.COMMUNES),
        "postal_codes": pa.table(
            {"postal_code": postal["postal_code"], "commune": postal["commune_code"]}, schema=schema.POSTAL_CODES
        ),
        "former_codes": pa.table(
            {"former": former["former_code"], "code": former["commune_code"]}, schema=schema.FORMER_CODES
        ),
        "epcis": pa.Table.from_pylist(epcis, schema=schema.EPCIS),
        "legal_units": schema.LEGAL_UNITS.empty_table() if legal_units is None else legal_units,
    }


def ground_frames(session: Session, tables: dict[str, pa.Table]) -> GroundFrames:
    """Bring ``ground_tables`` into an engine."""
    return GroundFrames(**{name: session.arrow(table) for name, table in tables.items()})
