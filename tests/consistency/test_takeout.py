"""A structure takes away all it has: each model, each column leaves or says why it stays; the documents follow."""

import re
from pathlib import Path

import pytest

from dentelle.foundations.takeout.reference import with_tables
from dentelle.foundations.takeout.tables import (
    FOLLOW,
    HIDDEN,
    LEFT_OUT,
    LOOSE,
    ONLY_NAMED,
    OWNERS,
    SHARED,
    own_models,
    owned,
    tables,
)
from dentelle.web.api.reference import with_operations

DOCS = Path(__file__).resolve().parents[2] / "docs"
MODELS = {model._meta.label: model for model in own_models()}
TABLES = {table.label: table for table in tables()}
SECRETIVE = re.compile(r"hash|token|secret|password|fingerprint")


@pytest.mark.parametrize("label", MODELS)
def test_every_model_leaves_or_says_why_it_stays(label):
    assert (label in TABLES) != (label in LEFT_OUT), f"{label}: export it, or give its reason in LEFT_OUT"
    if label in TABLES and not owned(MODELS[label]):
        assert label in (*SHARED, *FOLLOW), f"{label} belongs to no structure: say which of its rows leave"


@pytest.mark.parametrize("label", [label for label in MODELS if label in TABLES])
def test_every_column_leaves_or_says_why_it_stays(label):
    leaving = {column.name for column in TABLES[label].columns}
    for field in MODELS[label]._meta.concrete_fields:
        assert (field.attname in leaving) != ((label, field.name) in HIDDEN), f"{label}.{field.name}"


def test_every_relation_of_several_to_several_leaves():
    links = {
        field.remote_field.through._meta.label
        for model in MODELS.values()
        if owned(model)
        for field in model._meta.many_to_many
    }
    assert links <= set(TABLES)


@pytest.mark.parametrize("label", TABLES)
def test_no_secret_leaves(label):
    held = {column.name for column in TABLES[label].columns if SECRETIVE.search(column.name)}
    assert held - {"token_id"} == set(), "name it in HIDDEN with its reason"


def test_what_is_named_exists():
    known = {*LEFT_OUT, *SHARED, *FOLLOW, *ONLY_NAMED, *OWNERS, *(label for label, _ in (*HIDDEN, *LOOSE))}
    assert known <= set(MODELS)
    for label, name in (*HIDDEN, *LOOSE):
        assert MODELS[label]._meta.get_field(name)


def test_the_page_of_the_export_is_the_export():
    page = (DOCS / "export.md").read_text(encoding="utf-8")
    assert with_tables(page) == page, "run « dentelle docs export »"


def test_the_page_of_the_api_is_the_api():
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    assert with_operations(page) == page, "run « dentelle docs api »"
