"""A reading as somebody saw it on a page: what they answer is that value, not one written or answered since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from dentelle.network.agreements.models import Reading, ReadingAnswer

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading by its key, with when it was written and how it was answered; written « 12.1764005400000000.none » in a form."""

    pk: int
    written: int
    answer: str

    def __str__(self) -> str:
        return f"{self.pk}.{self.written}.{self.answer}"

    @classmethod
    def of(cls, reading: Reading) -> Self:
        return cls(reading.pk, (reading.recorded_at - _EPOCH) // timedelta(microseconds=1), reading.answer)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what a form wrote. Raises ValueError."""
        pk, written, answer = text.split(".")
        if not (pk + written).isascii() or not (pk + written).isdecimal() or max(len(pk), len(written)) > 18:
            raise ValueError(text)
        return cls(int(pk), int(written), ReadingAnswer(answer).value)
