class DirectoryRefused(Exception):
    """A business refusal; the message is French and meant to be shown, ``code`` is stable, ``field`` names the box at fault."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class EditedMeanwhile(DirectoryRefused):
    """Somebody saved the record after this person opened it."""

    def __init__(self) -> None:
        super().__init__(
            "edited_meanwhile",
            "Une autre personne a enregistré cette fiche pendant que vous la modifiiez. Ses valeurs sont affichées à côté : "
            "relisez, puis enregistrez de nouveau.",
        )
