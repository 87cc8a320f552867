"""The kind of a buyer: what is known is told from what is presumed, and doubt never becomes an answer."""

import csv

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.opendata.buyers import UNKNOWN, buyer_kind, buyer_kind_table
from tests.shared import shared_path


@pytest.mark.parametrize(
    ("siren", "category", "kind", "basis", "status"),
    [
        ("213702616", None, "local", "siren_family", "certain"),
        ("243500139", None, "local", "siren_family", "certain"),
        ("223500018", None, "local", "siren_family", "to_confirm"),
        ("110002011", None, "central", "siren_family", "to_confirm"),
        ("193500010", None, None, "siren_family", "unknown"),
        ("552081317", None, None, "unknown", "unknown"),
        ("110002011", "7113", "central", "legal_category", "certain"),
        ("263500010", "7364", "local", "legal_category", "to_confirm"),
        ("213702616", "7210", "local", "legal_category", "certain"),
        ("180000010", "7381", None, "legal_category", "unknown"),
        ("775663438", "4110", None, "legal_category", "unknown"),
        ("552081317", "5710", None, "unknown", "unknown"),
        (None, None, None, "unknown", "unknown"),
    ],
)
def test_the_kind_rests_on_the_best_thing_known(
    siren: str | None, category: str | None, kind: str | None, basis: str, status: str
) -> None:
    answer = buyer_kind(siren, legal_category=category)
    assert (answer.kind, answer.basis, answer.status) == (kind, basis, status)
    assert answer.because


def test_the_geographic_code_comes_before_everything() -> None:
    answer = buyer_kind("930000000", legal_category="5710", in_geographic_code=True)
    assert (answer.kind, answer.basis, answer.status) == ("local", "geographic_code", "certain")


def test_nobody_is_said_to_be_a_utility_from_a_number() -> None:
    assert "utility" not in buyer_kind_table()["kind"].to_pylist()


def test_a_row_without_kind_is_unknown_and_only_those() -> None:
    for row in buyer_kind_table().to_pylist():
        assert (row["kind"] is None) == (row["status"] == "unknown"), row


def test_every_legal_category_of_the_table_exists_at_insee() -> None:
    with shared_path("data/refdata/testonly/categories_juridiques_insee.csv").open(encoding="utf-8") as stream:
        codes = [row["code"] for row in csv.DictReader(stream)]
    for row in buyer_kind_table().to_pylist():
        if row["basis"] == "legal_category":
            assert any(code.startswith(row["prefix"]) for code in codes), row


@given(siren=st.from_regex(r"\d{9}", fullmatch=True), category=st.none() | st.from_regex(r"\d{4}", fullmatch=True))
def test_the_table_gives_the_same_answers_as_the_function(siren: str, category: str | None) -> None:
    base = duckdb.connect()
    base.register("kinds", buyer_kind_table())
    joined = base.execute(
        """
        select coalesce(four.kind, case when four.prefix is null then two.kind end),
               coalesce(four.status, two.status)
        from (select 1)
        left join kinds four on four.basis = 'legal_category' and four.prefix = $category
        left join kinds two
          on two.basis = case when $category is null then 'siren_family' else 'legal_category' end
          and two.prefix = left(coalesce($category, $siren), 2)
        """,
        {"category": category, "siren": siren},
    ).fetchone()
    base.close()
    answer = buyer_kind(siren, legal_category=category)
    assert joined == (answer.kind, None if answer == UNKNOWN else answer.status)
