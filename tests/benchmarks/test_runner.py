import json
import sys

import pytest

from benchmarks import __main__ as runner
from benchmarks.measure import BenchUnavailable, Measure, run_measured


@pytest.fixture
def benches(tmp_path, monkeypatch):
    """A folder of benchmarks of its own: ``benches(name, source)`` adds one."""
    (tmp_path / "baseline.json").write_text('{"ratios": {"reading": 2.0}}')
    monkeypatch.setattr(runner, "HERE", tmp_path)
    monkeypatch.setattr(runner, "BASELINE", tmp_path / "baseline.json")
    monkeypatch.setenv("DENTELLE_HOME", str(tmp_path / "home"))

    def add(name, measures):
        class Module:
            pass

        Module.measures = staticmethod(measures)
        (tmp_path / f"bench_{name}.py").write_text("")
        monkeypatch.setitem(sys.modules, f"benchmarks.bench_{name}", Module)

    add.home = tmp_path / "home"
    return add


def reading(ratio):
    return lambda: [Measure("reading", 1.5, "s", "bare read", ratio)]


@pytest.mark.parametrize(("ratio", "warned"), [(2.4, False), (2.41, True)])
def test_a_ratio_beyond_one_fifth_more_than_its_baseline_is_warned_of(benches, capsys, ratio, warned):
    benches("reading", reading(ratio))
    assert runner.main([]) == 0
    assert ("ATTENTION" in capsys.readouterr().out) is warned


@pytest.mark.parametrize(("ratio", "warned"), [(0.04, False), (0.06, True)])
def test_a_slight_ratio_is_not_warned_of_whatever_its_baseline(benches, capsys, ratio, warned):
    runner.BASELINE.write_text('{"ratios": {"reading": 0.0}}')
    benches("reading", reading(ratio))
    assert runner.main([]) == 0
    assert ("ATTENTION" in capsys.readouterr().out) is warned


def test_a_slight_ratio_is_kept_with_its_digits(benches):
    benches("reading", reading(0.000_123))
    runner.main(["--save-baseline"])
    assert json.loads(runner.BASELINE.read_text())["ratios"]["reading"] == 0.000_123


@pytest.mark.parametrize(("told", "said"), [("Another processor, 2 cores", True), (None, False)])
def test_a_warning_against_the_baseline_of_another_machine_says_so(benches, capsys, told, said):
    runner.BASELINE.write_text(json.dumps({"ratios": {"reading": 1.0}, "machine": told or runner.machine()}))
    benches("reading", reading(2.0))
    runner.main([])
    assert ("autre machine (Another processor" in capsys.readouterr().out) is said


def test_every_figure_is_written_with_its_reference_and_the_machine(benches):
    benches("reading", reading(2.0))
    runner.main([])
    [line] = json.loads((benches.home / "bench.json").read_text())
    assert {"name", "figure", "unit", "reference", "ratio", "machine"} <= set(line)
    assert (line["figure"], line["ratio"]) == (1.5, 2.0)
    assert "Python" in line["machine"]


def test_a_broken_benchmark_fails_the_run_without_hiding_the_others(benches, capsys):
    def broken():
        raise OSError("no data")

    def absent():
        raise BenchUnavailable("pas de Java")

    benches("broken", broken)
    benches("absent", absent)
    benches("reading", reading(2.0))
    assert runner.main([]) == 1
    said = capsys.readouterr().out
    assert "ÉCHEC : OSError" in said
    assert "non mesuré : pas de Java" in said
    assert "bare read" in said


def test_one_benchmark_can_be_run_alone_and_an_unknown_one_is_named(benches, capsys):
    benches("reading", reading(2.0))
    benches("other", lambda: [Measure("other", 1, "s")])
    assert runner.main(["--only", "other"]) == 0
    assert "bare read" not in capsys.readouterr().out
    assert runner.main(["--only", "nothing"]) == 2
    assert "other, reading" in capsys.readouterr().err


def test_saving_keeps_the_ratios_not_measured_this_time(benches, tmp_path):
    benches("other", lambda: [Measure("other", 3, "s", "ref", 1.23456)])
    runner.main(["--save-baseline"])
    assert json.loads((tmp_path / "baseline.json").read_text())["ratios"] == {"reading": 2.0, "other": 1.235}


def test_memory_is_the_command_s_own(tmp_path):
    ballast = bytearray(300_000_000)  # what this process holds is not the command's
    big = run_measured([sys.executable, "-c", "x = bytearray(200_000_000); print('done')"])
    small = run_measured([sys.executable, "-c", "pass"])
    assert big.output == "done\n"
    assert big.peak_mb > 200 > 50 > small.peak_mb
    assert len(ballast) == 300_000_000
    with pytest.raises(RuntimeError, match="broken"):
        run_measured([sys.executable, "-c", "raise SystemExit('broken')"])
