"""One person behind several offices: the same account, or the same name where an account does not tell them apart."""

from collections.abc import Iterable

from dentelle.network.governance.models import Office, OfficeRole
from dentelle.opendata.text import fold

_RANK = {role: rank for rank, role in enumerate(OfficeRole.values)}


def one_each(offices: Iterable[Office]) -> list[tuple[Office, ...]]:
    """Return the offices of each person, the highest first; people in the order they first come."""
    held = list(offices)
    accounts: dict[str, set[int]] = {}
    for office in held:
        if office.user_id is not None:
            accounts.setdefault(fold(office.full_name), set()).add(office.user_id)
    people: dict[int | str, list[Office]] = {}
    for office in held:
        name = fold(office.full_name)
        known = accounts.get(name, set()) if office.user_id is None else {office.user_id}
        people.setdefault(next(iter(known)) if len(known) == 1 else name, []).append(office)
    return [tuple(sorted(each, key=lambda office: _RANK[office.role])) for each in people.values()]


def roles_of(offices: Iterable[Office]) -> str:
    """Return the functions of a person, each once: « vice-présidence et membre »."""
    *first, last = dict.fromkeys(office.get_role_display() for office in offices)
    return f"{', '.join(first)} et {last}" if first else last
