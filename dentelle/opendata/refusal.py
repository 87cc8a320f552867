"""The one way public data is refused: a French sentence that says what, where and what to do."""

from pathlib import Path


class SourceRefused(Exception):
    """A file cannot be taken in.

    ``code`` is stable and short, for tests and logs; the message is for the person who gave the file: what is wrong,
    where (file, line, field when known), what to do.
    """

    def __init__(self, code: str, message: str, *, path: Path | None = None) -> None:
        self.code = code
        self.path = path
        super().__init__(f"{path.name} : {message}" if path is not None else message)
