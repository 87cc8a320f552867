"""Keys of rows in addresses, choices and marks are written plainly: « 2159 », never « 2 159 »."""

import re
from pathlib import Path

import pytest

import dentelle

PAGES = sorted(Path(dentelle.__file__).parent.rglob("templates/**/*.html"))
GROUPED = re.compile(r'(?:id|for|value|href|action|aria-[a-z]+)="[^"]*\{\{ [\w.]*\bpk \}\}')


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_no_attribute_holds_a_key_grouped_by_thousands(page):
    assert GROUPED.findall(page.read_text(encoding="utf-8")) == []
