"""The states of a contract are one table: the documentation shows the very one the code obeys."""

from pathlib import Path

from dentelle.thread.contracts.states import MOVES, ContractState, Move

PAGE = Path(__file__).parents[2] / "docs" / "contract-states.md"
ROLES = {"facilitator": "facilitateur", "manager": "responsable", "buyer": "acheteur"}


def _line(move: Move) -> str:
    cells = (
        f"`{move.code}`",
        move.label,
        ", ".join(state.label for state in move.sources),
        move.target.label,
        move.decided_by.label,
        ", ".join(ROLES[role] for role in move.recorded_by),
        ", ".join(need.label for need in move.needs) or "rien de plus",
    )
    return f"| {' | '.join(cells)} |"


def test_the_documentation_shows_every_move_as_the_code_has_it() -> None:
    written = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert written == [_line(move) for move in MOVES], "\n" + "\n".join(map(_line, MOVES))


def test_the_documentation_names_every_state() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [state.label for state in ContractState if f"« {state.label} »" not in page] == []
