"""A question the rules cannot answer as asked."""

from __future__ import annotations

from dentelle.rules.wording import sentence


class ObligationRefused(Exception):
    """The question cannot be answered as asked. ``code`` is stable, ``field`` names the fact at fault."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(sentence(message))
        self.code = code
        self.field = field
