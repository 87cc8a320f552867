"""The questionnaires that come with Dentelle: YAML files beside this one, written into a network when its head takes one."""

from datetime import datetime
from functools import cache
from importlib.resources import files

from dentelle.foundations.organisations.models import Network
from dentelle.network.surveys.documents import read_file, store
from dentelle.network.surveys.models import Questionnaire
from dentelle.rules.questionnaires import Document

CODES = ("tour", "plie", "mde", "clause")


@cache
def shipped(code: str) -> Document:
    """Return one shipped questionnaire. Raises FileNotFoundError for an unknown code, ValueError for a file that is wrong."""
    document, wrong = read_file((files(__package__) / "questionnaires" / f"{code}.yaml").read_bytes())
    if document is None or wrong:
        raise ValueError(f"{code}.yaml: {'; '.join(map(str, wrong))}")
    return document


def titles() -> tuple[tuple[str, str], ...]:
    """Return (code, title) of each."""
    return tuple((code, shipped(code).title) for code in CODES)


def write_shipped(network: Network, code: str, *, at: datetime) -> Questionnaire:
    """Write a shipped questionnaire into a network, once, ready to be asked; return it. The caller has checked who may."""
    known = Questionnaire.objects.filter(network=network, code=code, published_at__isnull=False).first()
    if known is not None:
        return known
    made = Questionnaire(network=network, code=code, created_at=at, published_at=at)
    store(made, shipped(code))
    return made
