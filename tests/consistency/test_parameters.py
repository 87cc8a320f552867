"""Every parameter is sourced, sorted and listed; the page that shows them is up to date."""

from pathlib import Path

import pytest

from dentelle.cli.main import main
from dentelle.rules.dated import Status, all_parameters
from dentelle.rules.levers import levers
from dentelle.rules.parameter_files import PARAMETERS, ROOT, all_paths, check_parameter, raw_parameter
from dentelle.rules.sources_page import MARKER, parameters_section, with_parameters

PAGE = ROOT.parents[1] / "docs" / "sources.md"
DOUBTS = parameters_section().partition("## À confirmer")[2]


@pytest.mark.parametrize("path", all_paths())
def test_the_parameter_is_well_written_and_sourced(path: str) -> None:
    raw = raw_parameter(path)
    assert raw is not None
    check_parameter(raw, path)
    for entry in raw["values"].values():
        if entry is not None:
            assert entry["reference"]["title"].strip()


def test_every_file_of_the_folder_is_read() -> None:
    files = [file for file in PARAMETERS.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".yaml"}
    assert len(files) == len(all_paths()) == len(all_parameters())


def test_labels_are_all_different_and_typeset() -> None:
    labels = [known.label for known in all_parameters()]
    assert len(set(labels)) == len(labels)
    assert not any("'" in label for label in labels)


def test_every_value_to_confirm_is_listed() -> None:
    for known in all_parameters():
        doubtful = any(value.status is Status.TO_CONFIRM for value in known.known_values())
        assert (f"`{known.path}`" in DOUBTS) == doubtful, known.path
    for lever in levers():
        assert (f"`{lever.code.value}`" in DOUBTS) == (lever.status is Status.TO_CONFIRM), lever.code


def test_the_sources_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(MARKER) == 1
    assert page == with_parameters(page), "run « dentelle docs sources »"


def test_the_verb_writes_the_page_again_and_keeps_its_head(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "sources.md"
    page.write_text("# À la main\n\nTexte.\n", encoding="utf-8")
    assert main(["docs", "sources", "--page", str(page)]) == 0
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# À la main\n\nTexte.\n\n" + MARKER)
    assert main(["docs", "sources", "--page", str(page)]) == 0
    assert page.read_text(encoding="utf-8") == written
    assert "est à jour" in capsys.readouterr().out


def test_the_verb_refuses_a_page_that_does_not_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "sources", "--page", str(tmp_path / "none.md")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
