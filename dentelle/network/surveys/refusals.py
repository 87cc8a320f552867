class SurveyRefused(Exception):
    """A business refusal, French, meant to be shown; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
