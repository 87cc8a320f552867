"""The four verbs over a data set imported from a small file, with the real ground."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from dentelle.cli import decp_clause_rate
from dentelle.cli.main import main
from dentelle.opendata.decp.importing import import_files
from tests.ground_fixtures import ground_directory

__all__ = ["ground_directory"]


def record(number: str, words: str, notified: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "acheteur": {"id": "21690123100011"},
        "nature": "Marché",
        "objet": words,
        "codeCPV": "90911200",
        "techniques": {"technique": ["Sans objet"]},
        "procedure": "Appel d'offres ouvert",
        "lieuExecution": {"code": "69123", "typeCode": "Code commune"},
        "dureeMois": 48,
        "dateNotification": notified,
        "datePublicationDonnees": notified,
        "montant": 900000,
        "titulaires": [{"titulaire": {"id": "55208131766522", "typeIdentifiant": "SIRET"}}],
        "considerationsSociales": {"considerationSociale": ["Clause sociale"]},
        **changes,
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    records = [
        record("2019A", "Nettoyage des vitres des écoles", "2019-04-01"),
        record("2023A", "Nettoyage des vitres des écoles", "2023-04-01"),
        record("2023B", "=cmd|' /C calc'!A0 entretien du parc", "2023-05-01", codeCPV="77310000", montant=50000),
        record("2023C", "Gardiennage", "2023-05-01", lieuExecution={"code": "59", "typeCode": "Code département"},
               acheteur={"id": "21590350100017"}, codeCPV="79713000"),
    ]  # fmt: skip
    source = folder / "petit.json"
    source.write_text(json.dumps({"marches": {"marche": records}}), encoding="utf-8")
    import_files([source], folder / "data")
    return folder / "data"


@pytest.fixture
def run(data: Path, ground_directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(verb: str, *words: str) -> tuple[int, str, str]:
        monkeypatch.setenv("DENTELLE_GROUND", str(ground_directory))
        code = main(["decp", verb, "--data", str(data), "--as-of", "2026-11-21", *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


WINDOW = ("--from", "2026-12", "--months", "24")


def test_renewals_as_json_are_flat_objects_of_the_territory(run: Any) -> None:
    code, out, _ = run("renewals", "--territory", "epci:200046977", *WINDOW, "--format", "json")
    rows = {row["number"]: row for row in json.loads(out)}
    assert code == 0
    assert sorted(rows) == ["2023A", "2023B"]
    assert rows["2023A"]["chain_length"] == 2
    assert rows["2023A"]["required"] == "yes"
    assert rows["2023A"]["estimated_end"] == "2027-04-01"
    assert {type(value) for row in rows.values() for value in row.values()} <= {str, int, bool, float, type(None)}


def test_a_csv_cell_is_never_a_formula(run: Any) -> None:
    _, out, _ = run("renewals", "--territory", "department:69", *WINDOW, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff")), delimiter=";"))
    objects = {row["number"]: row["object"] for row in rows}
    assert objects["2023B"].startswith("'=cmd")
    assert objects["2023A"].startswith("Nettoyage")


def test_the_table_says_that_amounts_are_awards(run: Any) -> None:
    code, out, _ = run("renewals", *WINDOW)
    assert code == 0
    assert "France entière : 3\xa0marchés" in out
    assert "pas l’estimation du prochain marché" in out


def test_mandatory_cpv_and_buyer_narrow_the_list(run: Any) -> None:
    _, mandatory, _ = run("renewals", *WINDOW, "--mandatory", "--format", "json")
    _, cpv, _ = run("renewals", *WINDOW, "--cpv", "7731", "--format", "json")
    _, buyer, _ = run("renewals", *WINDOW, "--buyer", "215903501", "--format", "json")
    assert sorted(row["number"] for row in json.loads(mandatory)) == ["2023A", "2023C"]
    assert [row["number"] for row in json.loads(cpv)] == ["2023B"]
    assert [row["number"] for row in json.loads(buyer)] == ["2023C"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["renewals", "--territory", "department:999"], "department:999"),
        (["renewals", "--from", "2026-13"], "2026-13"),
        (["renewals", "--months", "0"], "de 1 à 240"),
        (["renewals", "--cpv", "nettoyage"], "n’est pas un début de CPV"),
        (["renewals", "--buyer", "12"], "ni un SIREN"),
        (["backtest", "--at", "hier"], "n’est pas une date"),
        (["backtest", "--at", "2026-01-01"], "rien à comparer"),
        (["clause-rate", "--comparables", "900"], "de 0 à 50"),
    ],
)
def test_a_question_badly_asked_gets_one_line_and_code_2(run: Any, words: list[str], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_a_folder_without_data_set_says_how_to_make_one(
    tmp_path: Path, ground_directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DENTELLE_GROUND", str(ground_directory))
    assert main(["decp", "renewals", "--data", str(tmp_path)]) == 2
    assert "dentelle decp import" in capsys.readouterr().err


def test_the_clause_rate_comes_with_its_counts_and_its_neighbours(run: Any) -> None:
    code, out, _ = run("clause-rate", "--territory", "department:69", "--comparables", "2", "--format", "json")
    rows = json.loads(out)
    whole = [row for row in rows if row["dimension"] == "all"]
    assert code == 0
    assert [row["role"] for row in whole if row["territory"] == "department:69"] == ["asked"]
    assert {row["role"] for row in whole} >= {"asked", "national"}
    assert whole[0]["considered"] == whole[0]["stated"] == 3


def test_hours_potential_gives_a_range_and_says_what_it_leaves_out(run: Any) -> None:
    code, out, err = run("hours-potential", "--territory", "department:69", *WINDOW, "--format", "json")
    rows = {row["trade"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["cleaning"]["hours_low"] < rows["cleaning"]["hours_central"] < rows["cleaning"]["hours_high"]
    assert rows["cleaning"]["status"] == "to_confirm"
    assert "écartés" in err or err == ""


def test_the_backtest_carries_its_caveats(run: Any) -> None:
    code, out, _ = run("backtest", "--at", "2022-06-30", "--months", "12")
    assert code == 0
    assert "rappel" in out
    assert "Un contrat qui n’a pas été publié" in out


@pytest.mark.parametrize("verb", ["renewals", "hours-potential", "clause-rate", "backtest"])
def test_the_territory_option_accumulates(run: Any, verb: str) -> None:
    asked = ["--at", "2022-06-30"] if verb == "backtest" else WINDOW if verb != "clause-rate" else []
    joined = run(verb, "--territory", "department:69", "department:59", *asked, "--format", "json")
    repeated = run(verb, "--territory", "department:69", "--territory", "department:59", *asked, "--format", "json")
    last = run(verb, "--territory", "department:59", *asked, "--format", "json")
    assert joined[0] == 0
    assert repeated == joined
    assert repeated != last


def test_the_backtest_of_a_territory_judges_its_contracts_only(run: Any) -> None:
    known = {}
    for code in ("69", "59"):
        status, out, _ = run("backtest", "--at", "2022-06-30", "--territory", f"department:{code}", "--format", "json")
        if status == 0:
            known[code] = json.loads(out)[0]["known"]
    whole = json.loads(run("backtest", "--at", "2022-06-30", "--format", "json")[1])[0]["known"]
    assert known == {"69": whole}
    assert run("backtest", "--at", "2022-06-30", "--territory", "department:59")[0] == 2
    assert run("backtest", "--at", "2022-06-30", "--territory", "department:69")[1].startswith("Rhône : jugé")


def test_the_table_of_clause_rates_speaks_french_in_order_of_size(run: Any) -> None:
    _, out, _ = run("clause-rate", "--territory", "department:69")
    assert not {"unknown", "unusable", "0-25000", "5404000+"} & set(out.split())
    assert "40\u202f000 à 90\u202f000 €" in out
    assert out.index("40\u202f000 à 90\u202f000 €") < out.index("216\u202f000 à 1\u202f000\u202f000 €")


def test_bands_are_worded_and_ranked() -> None:
    values = ["unusable", "5404000+", "0-25000", "216000-1000000", "25000-40000"]
    assert [decp_clause_rate._worded("amount_band", value) for value in sorted(values, key=decp_clause_rate._rank)] == [
        "moins de 25\u202f000 €",
        "25\u202f000 à 40\u202f000 €",
        "216\u202f000 à 1\u202f000\u202f000 €",
        "5\u202f404\u202f000 € et plus",
        "montant absent ou inexploitable",
    ]
