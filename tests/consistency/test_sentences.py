"""Every act the code records has its sentence: the source is read, no act waits for a page to show it."""

import ast
import re
from pathlib import Path

import pytest

import dentelle
from dentelle.foundations.journal.sentences import known_acts, told

PACKAGE = Path(dentelle.__file__).parent
RECORDERS = {"record", "record_each", "_record"}
ACT = re.compile(r"[a-z_]+\.[a-z_]+\Z")
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def texts_in(node):
    return {item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, str)}


def acts_of(call, function):
    """The acts a call of ``record`` may write: its text, or the texts its variable may hold in the same function."""
    given = call.args[0] if call.args else None
    if isinstance(given, ast.Name) and function is not None:
        assigned = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == given.id for target in node.targets)
        ]
        return {text for value in assigned for text in texts_in(value) if ACT.match(text)}
    if isinstance(given, ast.Constant | ast.IfExp):
        return texts_in(given)
    return set()


def hands_on(call, function):
    """A call of ``record`` inside a helper of the same file, which is given the act: its callers are read instead."""
    given = call.args[0] if call.args else None
    return isinstance(given, ast.Name) and function is not None and given.id in {arg.arg for arg in function.args.args}


def recorded_in(path):
    """(line, acts) of each call of ``record``, or of a ``_record`` that hands its act on, in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in RECORDERS:
            around = [one for one in functions if one.lineno <= node.lineno <= (one.end_lineno or 0)]
            function = max(around, key=lambda one: one.lineno, default=None)
            if not hands_on(node, function):
                yield node.lineno, acts_of(node, function)


RECORDED = [(path, line, acts) for path in SOURCES for line, acts in recorded_in(path)]


def test_the_acts_of_every_call_can_be_read_in_the_source():
    assert len(RECORDED) > 20
    unread = [f"{path.relative_to(PACKAGE)}:{line}" for path, line, acts in RECORDED if not acts]
    assert unread == [], "write the act as a text, or choose it among texts in the same function"


def test_every_act_recorded_has_a_sentence():
    silent = [
        f"{path.relative_to(PACKAGE)}:{line} {act}"
        for path, line, acts in RECORDED
        for act in acts
        if act not in known_acts()
    ]
    assert silent == [], "register a sentence in the sentences.py of the app"


def test_every_sentence_is_for_an_act_somebody_records():
    recorded = {act for _, _, acts in RECORDED for act in acts}
    assert known_acts() - recorded == set()


@pytest.mark.parametrize("act", sorted(known_acts()))
def test_a_sentence_is_french_whatever_facts_are_missing(act):
    words = told(act, {})
    assert words.startswith(("a ", "n’a ", "s’est ", "n’", "est ")), words
    assert "{" not in words
    assert "'" not in words
    assert not words.endswith("."), "the page ends the sentence"
