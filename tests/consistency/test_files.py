"""Nothing lies about: every template and every static file of ours serves."""

from pathlib import Path

import pytest

import dentelle

PACKAGE = Path(dentelle.__file__).parent
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file() and path.suffix != ".typ")
STATICS = sorted(path for path in PACKAGE.rglob("static/**/*") if path.is_file())
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in PACKAGE.rglob("*")
    if path.suffix in {".py", ".html", ".css", ".js", ".txt"} and "migrations" not in path.parts
}


def name_in(path, folder):
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index(folder) :])


def mentioned(name, itself):
    return any(name in text for path, text in SOURCES.items() if path != itself)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: name_in(path, "templates"))
def test_every_template_is_used(path):
    name = name_in(path, "templates")
    assert mentioned(f'"{name}"', path) or mentioned(f"'{name}'", path), f"nothing renders or includes {name}"


@pytest.mark.parametrize("path", STATICS, ids=lambda path: name_in(path, "static"))
def test_every_static_file_of_ours_is_used(path):
    name = name_in(path, "static")
    assert mentioned(name, path), f"nothing links to {name}"
