"""Whatever is typed, the verbs answer or refuse: never a traceback, never two lines of refusal."""

import contextlib
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from dentelle.cli.main import main

SAMPLES = [
    "0",
    "1",
    "5 %",
    "0,5",
    "1 000 000",
    "-1",
    "NaN",
    "1e400",
    "masonry",
    "Voirie",
    "45233000",
    "2026-10-01",
    "1900-01-01",
    "9999-12-31",
    "works",
    "local",
    "firm",
    "800000:firm",
    "5:0,5",
    "2026-01-01:5",
    "A:1",
    "35",
    "npnru",
    "NO_LINK",
    "",
]
VALUES = st.one_of(st.sampled_from(SAMPLES), st.text(max_size=12))
CALIBRATE = [
    "--amount",
    "--labour-share",
    "--trade",
    "--cpv",
    "--effort",
    "--programme",
    "--hourly-cost",
    "--hours-worked",
]
CALIBRATE += ["--transferred-hours", "--posts", "--years", "--lot", "--lots", "--tranche", "--order", "--step-eur"]
CALIBRATE += ["--hours-per-step", "--member", "--round-to", "--minimum", "--duration-months", "--workforce", "--on"]
OBLIGATION = ["--amount", "--buyer", "--contract", "--launched", "--duration-months", "--exemption", "--reason"]
OBLIGATION += ["--annual-purchases"]


def told(words: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    return code, out.getvalue(), err.getvalue()


def check(words: list[str]) -> None:
    code, out, err = told(words)
    if code == 0:
        assert out
        assert not err
    else:
        assert code == 2
        assert not out
        assert len(err.splitlines()) == 1


def pairs(options: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(st.sampled_from(options), VALUES), max_size=6)


@settings(max_examples=300)
@given(pairs(CALIBRATE), st.sampled_from([[], ["--per-year"], ["--training-grid"], ["--format", "json"]]))
def test_calibrate_answers_or_refuses(options: list[tuple[str, str]], flags: list[str]) -> None:
    check(["calibrate", *(f"{option}={value}" for option, value in options), *flags])


@settings(max_examples=300)
@given(pairs(OBLIGATION), st.sampled_from([[], ["--format", "json"]]))
def test_obligation_answers_or_refuses(options: list[tuple[str, str]], flags: list[str]) -> None:
    check(["obligation", *(f"{option}={value}" for option, value in options), *flags])
