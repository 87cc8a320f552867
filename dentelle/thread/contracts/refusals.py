"""Why an act on a contract is refused, in words for the person who tried."""

from dentelle.thread.contracts.models import Contract


class ContractRefused(Exception):
    """A business refusal; the message is French and meant to be shown, ``code`` is stable, ``field`` names the form's field."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class EditedMeanwhile(ContractRefused):
    """Somebody changed the contract after this person opened it. ``current`` is what is stored now."""

    def __init__(self, current: Contract) -> None:
        super().__init__(
            "edited_meanwhile",
            "Ce contrat a été modifié par une autre personne pendant que vous y travailliez\u00a0: rien n’a été écrasé.",
        )
        self.current = current
