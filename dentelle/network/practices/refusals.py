from typing import Any

from dentelle.network.practices.content import FIELDS, NIR, with_nir
from dentelle.rules.wording import too_long


class PracticeRefused(Exception):
    """A business refusal, French, meant to be shown; ``code`` is stable; ``field`` is the one at fault, empty for the whole."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


def refuse_too_long(text: str, most: int, field: str) -> None:
    """Raise PracticeRefused for a text longer than what is kept of it: it is never cut unsaid."""
    if told := too_long(text, most):
        raise PracticeRefused("long", told, field)


def refuse_nir(**texts: Any) -> None:
    """Raise PracticeRefused at the first of ``texts`` that holds what looks like a social security number."""
    wrong = with_nir(texts)
    if wrong:
        name = wrong[0]
        told = f"{FIELDS[name].label}\u00a0: {NIR[0].lower()}{NIR[1:]}" if name in FIELDS else NIR
        raise PracticeRefused("nir", told, name)
