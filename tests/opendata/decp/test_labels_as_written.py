"""Labels stay as they are written until their rule reads them: what is wrong in one costs neither the record nor the other labels."""

from pathlib import Path

import pytest

from dentelle.opendata.decp.record import MAX_DEPTH
from tests.opendata.decp.helpers import contract, flags_of, importing, text_2022


def test_a_label_that_is_not_utf8_is_read_and_flagged(tmp_path: Path) -> None:
    raw = text_2022(contract(objet="École", ccag="Travaux XX"), contract(id="B")).encode().replace(b"XX", b"priv\xe9s")
    rows = {row["number"]: row for row in importing(tmp_path, raw).contracts()}
    assert (rows["2024TRV001"]["ccag"], rows["2024TRV001"]["object"]) == ("Travaux privés", "École")
    assert "invalid_utf8" in flags_of(rows["2024TRV001"]) - flags_of(rows["B"])


def test_a_label_that_cannot_be_read_at_all_leaves_the_others(tmp_path: Path) -> None:
    raw = text_2022(contract(ccag="XX", nature="Marché")).replace('"XX"', "1e999")
    row = importing(tmp_path, raw).only()
    assert (row["ccag"], row["nature"]) == (None, "Marché")
    assert "unreadable_value" in flags_of(row)


@pytest.mark.parametrize("field", ["ccag", "techniques"])
@pytest.mark.parametrize("nested", [MAX_DEPTH, *range(970, 995), 100_000])
def test_a_label_nested_beyond_any_decree_stops_neither_the_import_nor_its_neighbours(
    tmp_path: Path, field: str, nested: int
) -> None:
    deep = "[" * nested + "1e999" + "]" * nested
    raw = text_2022(contract(**{field: "XX"}), contract(id="B")).replace('"XX"', deep)
    imported = importing(tmp_path, raw)
    rows = {row["number"]: row for row in imported.contracts()}
    assert "B" in rows
    kept = rows.get("2024TRV001")
    assert "unreadable_value" in flags_of(kept) if kept else imported.summary.defects == {"record_too_deep": 1}
