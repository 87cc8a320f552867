from dentelle.rules.wording import too_long


class TourRefused(Exception):
    """A refusal, French, meant to be shown; ``code`` is stable, ``field`` names the field of the form it speaks of."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code, self.field = code, field


def refuse_too_long(text: str, most: int, field: str) -> None:
    """Raise TourRefused for a text longer than what is kept of it: it is never cut unsaid."""
    if told := too_long(text, most):
        raise TourRefused("long", told, field)
