class TourRefused(Exception):
    """A refusal, French, meant to be shown; ``code`` is stable, ``field`` names the field of the form it speaks of."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code, self.field = code, field
