"""The verbs of the rules on the command line: what they answer, and one clear line for what cannot be asked."""

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from dentelle.cli.main import main

BASE = ["calibrate", "--amount", "1000000", "--labour-share", "0.5", "--effort", "0.05", "--hourly-cost", "30"]


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--format", "json"]) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 2
    written = capsys.readouterr()
    assert written.out == ""
    lines = written.err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"dentelle {words[0]} : ")
    return lines[0]


def test_the_published_example_gives_833_hours(capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, *BASE)
    assert data["hours"] == 833
    assert data["minutes"] == 49_980
    assert data["explanation"]
    assert all(row["reference"]["title"] for row in data["parameters"])
    assert [item["hours"] for item in data["alternatives"]] == [1667, 3333, 625]


@pytest.mark.parametrize(
    "amount",
    ["1000000", "1 000 000", "1\u202f000\u202f000 €", "1\u00a0000\u00a0000,00", "1 M€", "1000 k€", "1000000.00 € HT"],
)
@pytest.mark.parametrize(("share", "effort"), [("0,5", "5 %"), ("50%", "0,05"), ("0.50", "5,0 %")])
def test_french_numbers_read_the_same(capsys: pytest.CaptureFixture[str], amount: str, share: str, effort: str) -> None:
    words = ["calibrate", "--amount", amount, "--labour-share", share, "--effort", effort, "--hourly-cost", "30 €/h"]
    assert answer(capsys, *words)["hours"] == 833


@pytest.mark.parametrize(
    "amount", ["-5", "-1 000", "0", "0,00", "NaN", "nan", "inf", "-inf", "140 %", "mille", "", " ", "1e6", "1.000", "1,000", "1,000.00", "1 00", "٣٠٠", "9" * 30, "9" * 5000, "1000000h€", "--", "$5", "5\n6", "\x1b[31m5"]
)  # fmt: skip
def test_a_nonsense_amount_gets_one_line(capsys: pytest.CaptureFixture[str], amount: str) -> None:
    refusal(capsys, "calibrate", "--amount", amount, "--labour-share", "0.5")


@pytest.mark.parametrize("share", ["0", "0 %", "140 %", "1,4", "-0,5", "5", "NaN", "beaucoup", "50 €"])
@pytest.mark.parametrize("option", ["--labour-share", "--effort"])
def test_a_nonsense_share_gets_one_line(capsys: pytest.CaptureFixture[str], option: str, share: str) -> None:
    refusal(capsys, "calibrate", "--amount", "1000000", "--trade", "masonry", option, share)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "montant manque"),
        (["--amount"], "--amount attend une valeur"),
        (["--amount", "5"], "part de main-d’œuvre manque"),
        (["--amont", "5"], "option inconnue : --amont"),
        (["--amount", "5", "--trade", "../../clause/hourly_cost"], "n’existe pas"),
        (["--amount", "5", "--trade", "maconerie"], "proches : masonry"),
        (["--amount", "5", "--cpv", "12"], "n’existe pas"),
        (["--amount", "5", "--labour-share", "1", "--round-to", "12"], "choisissez parmi"),
        (["--amount", "5", "--labour-share", "1", "--years", "0"], "dépasser 0"),
        (["--amount", "5", "--labour-share", "1", "--on", "hier"], "n’est pas une date"),
        (["--amount", "5", "--trade", "masonry", "--on", "2005-01-01"], "aucune valeur connue"),
        (["--posts", "2", "--hours-worked", "12"], "un seul point de départ"),
        (["--tranche", "5:peut-être"], "choisissez parmi firm, optional"),
        (["--tranche", "5"], "--tranche"),
        (["--order", "5"], "DATE:MONTANT"),
        (["--member", "A"], "NOM:POIDS"),
        (["--lots", "{"], "JSON illisible"),
        (["--lots", "[" * 100_000], "JSON illisible"),
        (["--lots", "{}"], "liste d’objets"),
        (["--lots", '[{"montant": 5}]'], "champ inconnu « montant »"),
        (["--lots", '[{"amount": [5]}]'], "montant lisible"),
        (["--lots", '[{"amount": NaN}]'], "n’est pas un nombre"),
        (["--format", "xml"], "text, json"),
    ],
)
def test_what_cannot_be_calibrated_says_why(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert said in refusal(capsys, "calibrate", *words).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        (["--hours-worked", "20 000", "--transferred-hours", "16 500", "--effort", "15 %"], 525),
        (["--hours-worked", "120000", "--programme", "gup"], 12_000),
        (["--hours-worked", "240000", "--programme", "npnru"], 12_000),
        (["--posts", "2", "--years", "3"], 9_600),
        (["--posts", "2", "--years", "1,5"], 4_800),
        (["--amount", "60000", "--training-grid"], 150),
        (["--amount", "250000", "--per-year", "--years", "4", "--labour-share", "70 %", "--effort", "10 %", "--hourly-cost", "30"], 2_333),
        (["--lot", "6000000:0,5", "--lot", "4000000:0,3", "--lot", "2000000:0,7", "--effort", "5 %", "--hourly-cost", "35"], 8_000),
        (["--order", "2026-01-10:80000", "--step-eur", "50000", "--hours-per-step", "35"], 35),
        (["--amount", "1000000", "--trade", "masonry", "--hourly-cost", "30", "--round-to", "35"], 840),
        (["--amount", "1000000", "--trade", "masonry", "--hourly-cost", "30", "--round-to", "151,67"], 910),
        (["--amount", "1000000", "--cpv", "09100000"], 0),
        (["--amount", "1000000", "--trade", "Peinture INTERIEURE", "--hourly-cost", "30"], 1_167),
    ],
)  # fmt: skip
def test_every_method_answers(capsys: pytest.CaptureFixture[str], words: list[str], hours: int) -> None:
    assert answer(capsys, "calibrate", *words)["hours"] == hours


@pytest.mark.parametrize("on", ["2010-01-01", "2019-12-31", "2026-11-21", "2028-01-01", "2040-06-30"])
def test_a_date_of_the_practice_always_answers(capsys: pytest.CaptureFixture[str], on: str) -> None:
    assert answer(capsys, "calibrate", "--amount", "1000000", "--trade", "masonry", "--on", on)["hours"] == 833


def test_tranches_and_members_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "--tranche",
        "800000:firm",
        "--tranche",
        "200000:optional",
        "--member",
        "Alpha:60",
        "--member",
        "Béta:40 %",
    ]
    data = answer(capsys, "calibrate", *words, "--labour-share", "0,5", "--hourly-cost", "30", "--effort", "5 %")
    assert (data["hours"], data["conditional_hours"]) == (667, 167)
    assert [member["hours"] for member in data["members"]] == [400, 267]


def test_a_small_contract_is_warned_and_turned_to_another_lever(capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(
        capsys, "calibrate", "--amount", "90000", "--labour-share", "65 %", "--effort", "5 %", "--hourly-cost", "32"
    )
    assert [warning["code"] for warning in data["warnings"]] == ["BELOW_MINIMUM"]
    assert data["levers"][0]["code"] == "TRAINING_CLAUSE"


def test_the_text_reads_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BASE, "--duration-months", "12", "--workforce", "10"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("833 heures d’insertion\n")
    for title in ("Calcul", "Pourquoi pas plus, pourquoi pas moins", "Autrement", "Leviers conseillés", "Sources"):
        assert f"\n{title}\n" in text
    assert "'" not in text


def test_the_obligation_of_the_example_is_yes_at_216000(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--amount", "220000", "--buyer", "local", "--contract", "services", "--launched", "2026-10-01"]
    data = answer(capsys, "obligation", *words)
    assert (data["required"], data["threshold"], data["projected"]) == (True, 216_000, False)
    assert data["parameters"][0]["value"] == "2026-08-21"


def test_an_exemption_with_its_reason_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--amount", "6 M€", "--buyer", "local", "--contract", "works", "--launched", "01/10/2026"]
    data = answer(
        capsys, "obligation", *words, "--duration-months", "5",
        "--exemption", "WORKS_UNDER_6_MONTHS", "--reason", "Chantier de cinq mois",
    )  # fmt: skip
    assert data["required"] is False
    assert data["exemption"] == {"code": "WORKS_UNDER_6_MONTHS", "reason": "Chantier de cinq mois"}


def test_an_unknown_buyer_is_to_check_never_no(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["obligation", "--amount", "220000", "--contract", "services", "--launched", "2026-10-01"]
    assert answer(capsys, *words)["required"] is None
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("À vérifier")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--launched manque"),
        (["--launched", "demain"], "n’est pas une date"),
        (["--launched", "2026-02-30"], "n’est pas une date"),
        (["--launched", "2026-10-01", "--amount", "-5"], "dépasser zéro"),
        (["--launched", "2026-10-01", "--amount", "NaN"], "n’est pas un nombre"),
        (["--launched", "2026-10-01", "--amount", "140 %"], "pourcentage"),
        (["--launched", "2026-10-01", "--buyer", "mairie"], "choisissez parmi central, local, utility"),
        (["--launched", "2026-10-01", "--contract", "travaux"], "choisissez parmi works"),
        (["--launched", "2026-10-01", "--exemption", "AUTRE"], "choisissez parmi IMMEDIATE_SOLUTION"),
        (["--launched", "2026-10-01", "--exemption", "NO_LINK"], "motif"),
        (["--launched", "2026-10-01", "--exemption", "NO_LINK", "--reason", " "], "motif"),
        (["--launched", "2026-10-01", "--reason", "Parce que"], "--exemption"),
        (["--launched", "2026-10-01", "--duration-months", "0"], "dépasser zéro"),
    ],
)
def test_what_cannot_be_asked_of_the_obligation_says_why(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert said in refusal(capsys, "obligation", *words).replace("\u00a0", " ")


def test_a_reader_that_leaves_early_causes_no_traceback() -> None:
    dentelle = shutil.which("dentelle") or f"{sys.prefix}/bin/dentelle"
    with subprocess.Popen([dentelle, *BASE], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
    assert complaint == b""


def test_a_poor_terminal_still_gets_an_answer() -> None:
    command = [f"{sys.prefix}/bin/dentelle", *BASE]
    result = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.startswith(b"833 heures")


def test_neither_verb_loads_django_nor_an_engine() -> None:
    code = (
        "import sys\nfrom dentelle.cli.main import main\n"
        "main(['calibrate', '--amount', '5000000', '--trade', 'masonry'])\n"
        "main(['obligation', '--amount', '5', '--launched', '2026-10-01'])\n"
        "print([name for name in ('django', 'duckdb', 'pyarrow', 'narwhals', 'lxml') if name in sys.modules])\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("other", [["--hours-worked", "10"], ["--posts", "2"], ["--transferred-hours", "5"]])
def test_an_amount_and_another_starting_point_are_refused_together(
    capsys: pytest.CaptureFixture[str], other: list[str]
) -> None:
    told = refusal(capsys, "calibrate", "--amount", "100000", *other, "--effort", "5 %")
    assert "--amount" in told
    assert other[0] in told
