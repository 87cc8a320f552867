"""The questionnaires that come with Dentelle: YAML files beside this one, written into a network when its head takes one."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dentelle.foundations.organisations.models import Network
from dentelle.network.surveys.models import Question, Questionnaire

CODES = ("tour", "plie", "mde", "clause")


@cache
def shipped(code: str) -> dict[str, Any]:
    """Return one shipped questionnaire as written. Raises FileNotFoundError for an unknown code."""
    text = (files(__package__) / "questionnaires" / f"{code}.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def titles() -> tuple[tuple[str, str], ...]:
    """Return (code, title) of each."""
    return tuple((code, shipped(code)["title"]) for code in CODES)


def write_shipped(network: Network, code: str, *, at: datetime) -> Questionnaire:
    """Write a shipped questionnaire into a network, once; return it. The caller has checked who may."""
    known = Questionnaire.objects.filter(network=network, code=code).first()
    if known is not None:
        return known
    read = shipped(code)
    made = Questionnaire.objects.create(
        network=network,
        code=code,
        title=read["title"],
        intro=" ".join(read.get("intro", "").split()),
        source=" ".join(read["source"].split()),
        blocks=[{name: value for name, value in block.items() if name != "questions"} for block in read["blocks"]],
        checks=read.get("checks", []),
        created_at=at,
    )
    asked = [(block["code"], each) for block in read["blocks"] for each in block["questions"]]
    Question.objects.bulk_create(
        Question(questionnaire=made, rank=rank, block=block, **each)
        for rank, (block, each) in enumerate(asked, start=1)
    )
    return made
