"""Why an act on an agreement is refused, in words for the person who tried."""

from dentelle.network.agreements.models import Agreement


class AgreementRefused(Exception):
    """A business refusal; the message is French and meant to be shown, ``code`` is stable, ``field`` names the form's field."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class EditedMeanwhile(AgreementRefused):
    """Somebody changed the agreement after this person opened it. ``current`` is what is stored now."""

    def __init__(self, current: Agreement, message: str = "") -> None:
        super().__init__(
            "edited_meanwhile",
            message
            or "Cette convention a été modifiée par une autre personne pendant que vous y travailliez\u00a0: rien n’a été écrasé. "
            "Relisez-la, puis renvoyez si cela convient toujours.",
        )
        self.current = current
