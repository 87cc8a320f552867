"""The documents cannot lag behind: they name every command, every setting, every word."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

from dentelle.cli.main import VERBS
from dentelle.config.access_page import with_doors

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
SOURCES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "dentelle").rglob("*.py")}
MOST_WORDS = 1_000  # of a page of the guide: five minutes of reading
# env.str("NAME", …), environ.get("NAME"), environ["NAME"], environ.setdefault("NAME", …)
READ = re.compile(r"""\benv(?:iron)?(?:\.\w+)?[(\[]\s*["']([A-Z][A-Z0-9_]+)["']""")


def targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9-]+):.*?## ", makefile, re.MULTILINE)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_of_the_command_line_is_documented(verb):
    assert re.search(rf"dentelle {re.escape(verb)}\b", TEXT), f"no page says what « dentelle {verb} » is for"


def test_every_verb_has_a_module_and_a_line_of_help():
    for verb, (module, help_line) in VERBS.items():
        assert (ROOT / "dentelle" / "cli" / f"{module}.py").exists(), verb
        assert help_line.strip(), verb


def test_every_management_command_of_ours_is_documented():
    ours = [name for name, app in get_commands().items() if str(app).startswith("dentelle.")]
    assert ours
    assert [name for name in ours if f"manage.py {name}" not in TEXT] == []


def test_every_make_target_is_documented_and_has_a_line_of_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert {name for line in phony for name in line.split()} == set(targets())
    assert [name for name in targets() if f"make {name}" not in TEXT] == []


def settings_read():
    return {name for text in SOURCES.values() for name in READ.findall(text)}


def settings_documented():
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", DEPLOY, re.MULTILINE))


def test_every_setting_is_in_the_table_of_deploy_and_no_other():
    assert settings_documented() == settings_read()


def test_every_documented_setting_says_its_default_and_what_it_does():
    for line in re.findall(r"^\| `[A-Z].*$", DEPLOY, re.MULTILINE):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == 3, line
        assert all(cells), line


def test_every_variable_the_tests_and_the_benchmarks_read_is_documented():
    texts = [path.read_text(encoding="utf-8") for top in ("tests", "benchmarks") for path in (ROOT / top).rglob("*.py")]
    read = {name for text in texts for name in READ.findall(text) if name.startswith("DENTELLE_")}
    assert "DENTELLE_SNAPSHOTS" in read
    assert sorted(name for name in read if f"`{name}`" not in TEXT and f"{name}=" not in TEXT) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "guide").glob("*.md")), ids=lambda page: page.stem)
def test_a_page_of_the_guide_is_short_and_has_one_picture_that_is_there(page):
    text = page.read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(pictures) == 1, "what needs another picture is another page"
    assert (page.parent / pictures[0]).is_file()
    assert len(text.split()) <= MOST_WORDS


def words():
    """Every model, every list of choices of the rooms, every published table of open data."""
    found = {model.__name__ for model in apps.get_models() if model.__module__.startswith("dentelle.")}
    for path, text in SOURCES.items():
        if path.name == "models.py":
            found |= set(re.findall(r"^class (\w+)\(models\.(?:Text|Integer)Choices\)", text, re.MULTILINE))
        if path.name == "schema.py" and "opendata" in path.parts:
            found |= set(re.findall(r"^([A-Z][A-Z_]+)(?:: [\w.]+)? = pa\.schema", text, re.MULTILINE))
    return found


def glossary_lines():
    return re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", GLOSSARY, re.MULTILINE)


def test_every_word_of_the_house_is_in_the_glossary():
    assert sorted(words() - {identifier for identifier, _, _ in glossary_lines()}) == []


def test_every_line_of_the_glossary_names_something_that_exists_once():
    identifiers = [identifier for identifier, _, _ in glossary_lines()]
    assert len(identifiers) == len(set(identifiers))
    everything = "\n".join(SOURCES.values())
    assert [name for name in identifiers if not re.search(rf"\b{name}\b", everything)] == []
    assert len(identifiers) == len(re.findall(r"^\| `", GLOSSARY, re.MULTILINE)), "a line is badly formed"


def test_every_decision_has_a_number_of_its_own_and_fits_on_a_page():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers))
    assert [page.name for page in pages if len(page.read_text(encoding="utf-8").splitlines()) > 40] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_each_systemd_unit_starts_something_that_exists():
    for unit in (ROOT / "deploy").glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        for command in re.findall(r"manage\.py (\w+)", text):
            assert command in get_commands(), f"{unit.name}: {command}"
        for verb in re.findall(r"bin/dentelle (\w+)", text):
            assert verb in VERBS, f"{unit.name}: {verb}"
        assert unit.name.removesuffix(".service") in DEPLOY, f"{unit.name} is not in docs/deploy.md"


def test_the_table_of_doors_is_the_doors():
    page = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    assert with_doors(page) == page, "run « dentelle docs access »"
