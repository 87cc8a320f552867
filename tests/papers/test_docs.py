"""The page of papers lists every variable and every paper; the verb keeps its head."""

from pathlib import Path

import pytest

from dentelle.cli.main import main
from dentelle.thread.papers.building import SHIPPED
from dentelle.thread.papers.catalogue import PAPERS
from dentelle.thread.papers.context import schema, variables
from dentelle.thread.papers.page import MARKER, with_papers

PAGE = Path(__file__).parents[2] / "docs" / "papers.md"


def test_the_page_lists_every_variable_and_when_each_paper_serves() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_papers(page), "run « dentelle docs papers »"
    assert all(f"| `{each.name}` |" in page for each in variables())
    assert all(f"| {kind.label} |" in page for kind in PAPERS)


def test_every_shipped_source_is_a_paper_and_the_reverse() -> None:
    assert {path.stem for path in SHIPPED.glob("*.txt")} == {kind.code for kind in PAPERS}


def test_variables_have_names_nobody_confuses() -> None:
    names = [each.name for each in variables()]
    assert len(names) == len(set(names))
    assert all(name.isascii() for name in names)
    assert all(each.about.strip() for each in variables())
    assert set(schema()) == {name.partition(".")[0].removesuffix("[]") for name in names}


def test_the_verb_writes_the_page_again_and_keeps_its_head(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "papers.md"
    page.write_text(f"# À la main\n\n{MARKER}\nancien\n", encoding="utf-8")
    assert main(["docs", "papers", "--page", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith(f"# À la main\n\n{MARKER}\n\n## When")
    assert main(["docs", "papers", "--page", str(page)]) == 0
    assert "est à jour" in capsys.readouterr().out
    assert main(["docs", "papers", "--page", str(tmp_path / "none.md")]) == 2
