"""What a page of answers carries hidden of what it opened, and how what changed meanwhile is said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict

from dentelle.foundations.conflicts import NOTHING
from dentelle.network.surveys.forms import PartForm
from dentelle.network.surveys.meanwhile import Opened, Together
from dentelle.network.surveys.reading import Block, written
from dentelle.rules.surveys import is_answered

MOST_SENT = 5


@dataclass(frozen=True, slots=True)
class Change:
    """An answer somebody else wrote meanwhile, in words. ``typed``: what this person wrote there, if they did."""

    code: str
    label: str
    now: str
    typed: str | None


def hidden(opened: Opened) -> list[tuple[str, str]]:
    """Return the hidden fields of a page, by name; surveys.js writes in ``sent`` what it sends as one types."""
    return [
        ("opened", _json(opened.values)),
        ("seen", _json(opened.seen)),
        ("suggested", _json(opened.suggested)),
        ("sent", ""),
    ]


def opened_by(sent: QueryDict, block: Block) -> Opened | None:
    """Return what the page that sends a part opened; None when no page of ours did. Raises BadRequest."""
    if "opened" not in sent:
        return None
    before = [
        PartForm(block, QueryDict(each)) for each in _read(sent, "sent", list)[-MOST_SENT:] if isinstance(each, str)
    ]
    for form in before:
        form.is_valid()
    return Opened(
        _read(sent, "opened", dict),
        _read(sent, "seen", dict),
        [form.values() for form in before],
        _read(sent, "suggested", dict),
    )


def changes(block: Block, typed: Mapping[str, Any], done: Together) -> list[Change]:
    """Return what others wrote in a part meanwhile, in the order of its questions."""
    told = []
    for question in block.questions:
        for group, is_disputed in ((done.others, False), (done.disputed, True)):
            if question.code in group:
                now, mine = (
                    written(question, value) if is_answered(value) else NOTHING
                    for value in (group[question.code], typed[question.code])
                )
                told.append(Change(question.code, question.label, now, mine if is_disputed else None))
    return told


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _read(sent: QueryDict, name: str, kind: type) -> Any:
    raw = sent.get(name, "")
    try:
        value = json.loads(raw) if raw else kind()
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, kind):
        raise BadRequest(f"{name}: {kind.__name__} in JSON expected; open the page again.")
    return value
