"""The guide of the two commands shows only options that exist."""

import argparse
import re

from dentelle.cli import calibrate, obligation
from dentelle.rules.parameter_files import ROOT

GUIDE = (ROOT.parents[1] / "docs" / "guide" / "calibrer.md").read_text(encoding="utf-8")


def test_the_guide_shows_only_options_that_exist() -> None:
    known: set[str] = set()
    for verb in (calibrate, obligation):
        parser = argparse.ArgumentParser()
        verb.add_arguments(parser)
        known |= set(parser._option_string_actions)
    shown = set(re.findall(r"--[a-z][a-z-]*", GUIDE))
    assert shown
    assert shown - known == set()
