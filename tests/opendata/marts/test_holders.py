"""A holder without a name takes the one other records or registers give to its SIRET, else to its SIREN."""

from typing import Any

import pyarrow as pa

from dentelle.opendata.engines import Session, to_arrow
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.holders import holder_columns, known_names
from tests.opendata.marts.frames import METROPOLE, ground_tables, names

ANSWER = pa.schema([("holder_id", pa.string()), ("holder_name", pa.string()), ("holder_name_source", pa.string())])
LEARNT = names(
    ("30000000100011", "Propre SARL", 1),
    ("30000000100011", "PROPRE S.A.R.L.", 2),
    ("300000001", "Groupe Propre", 1),
    ("300000002", "Peinture et fils", 1),
)


def ask(engine: Session, holder_id: str | None, name: str | None = None, **options: Any) -> tuple[str | None, str]:
    tables = ground_tables() | options.pop("tables", {})
    learnt = options.pop("learnt", LEARNT)
    known = known_names(None if learnt is None else engine.arrow(learnt), ground_frames(engine, tables))
    given = pa.Table.from_pylist(
        [{"holder_id": holder_id, "holder_name": name}],
        schema=pa.schema([("holder_id", pa.string()), ("holder_name", pa.string())]),
    )
    (row,) = to_arrow(holder_columns(engine.arrow(given), known), ANSWER).to_pylist()
    return row["holder_name"], row["holder_name_source"]


def test_a_published_name_is_kept(engine: Session) -> None:
    assert ask(engine, "30000000100011", "Mon Nom") == ("Mon Nom", "published")


def test_the_establishment_says_more_than_its_legal_unit(engine: Session) -> None:
    assert ask(engine, "30000000100011") == ("Propre SARL", "learnt")


def test_another_establishment_takes_the_name_of_its_legal_unit(engine: Session) -> None:
    assert ask(engine, "30000000200099") == ("Peinture et fils", "learnt")


def test_a_register_comes_before_what_buyers_typed_for_the_same_legal_unit(engine: Session) -> None:
    units = pa.Table.from_pylist([{"siren": "300000002", "name": "PEINTURE SAS"}], schema=schema.LEGAL_UNITS)
    assert ask(engine, "30000000200099", tables={"legal_units": units}) == ("PEINTURE SAS", "sirene")


def test_a_public_body_that_holds_a_contract_is_named_by_the_geographic_code(engine: Session) -> None:
    assert ask(engine, f"{METROPOLE}00019") == ("Métropole de Lyon", "cog")


def test_what_nobody_names_stays_unknown(engine: Session) -> None:
    assert ask(engine, "39999999900011") == (None, "unknown")
    assert ask(engine, None) == (None, "unknown")
    assert ask(engine, "30000000200099", learnt=None) == (None, "unknown")


def test_an_identifier_that_is_no_siret_never_borrows_a_name(engine: Session) -> None:
    assert ask(engine, "300000002") == (None, "unknown")
