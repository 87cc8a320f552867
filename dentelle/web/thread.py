"""The thread: the stations of a contract's life, in order, as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass

# code → word on screen
STATIONS: dict[str, str] = {
    "territory": "territoire",
    "purchase": "achat",
    "clause": "clause",
    "contract": "marché",
    "needs": "besoins",
    "hours": "heures",
    "report": "bilan",
}


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the line: ``state`` is passed, skipped, current or ahead; ``url`` leads back to it when it can."""

    code: str
    label: str
    state: str
    url: str


def stations_until(reached: str, urls: Mapping[str, str]) -> list[Station]:
    """Return the seven stations, filled up to ``reached``; a station ahead never is a link.

    Where ``urls`` tell the way that was come by, a station behind that they do not name was skipped: a contract entered by
    hand has no purchase and no clause here.
    """
    codes = list(STATIONS)
    here = codes.index(reached)
    return [
        Station(
            code,
            STATIONS[code],
            _state(rank - here, known=not urls or code in urls),
            urls.get(code, "") if rank < here else "",
        )
        for rank, code in enumerate(codes)
    ]


def _state(beyond: int, *, known: bool) -> str:
    if beyond < 0:
        return "passed" if known else "skipped"
    return "ahead" if beyond else "current"
