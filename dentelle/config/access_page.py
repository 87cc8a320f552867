"""The table of docs/access.md: every address of the site, and what each role may do there, read from the doors."""

import inspect
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from dentelle.foundations import doors
from dentelle.foundations.directory.models import SeatRole
from dentelle.foundations.organisations.models import Role

MARK = "<!-- written by « dentelle docs access » from here on -->"
READS, ACTS, NOTHING = "reads", "acts", ""
COLUMNS = (*Role.values, "network head", *(f"seat: {role}" for role in SeatRole.values))


def with_doors(page: str) -> str:
    """Return the page with its table written again; what stands above the mark is kept."""
    head = page.partition(MARK)[0].rstrip()
    return f"{head}\n\n{MARK}\n\n{_table()}\n"


def _table() -> str:
    lines = [
        "| address | what for | " + " | ".join(COLUMNS) + " |",
        "| --- | --- |" + " --- |" * len(COLUMNS),
    ]
    public, signed_in, bearers, machines = [], [], [], []
    for path, view in sorted(_views(get_resolver().url_patterns, "/"), key=itemgetter(0)):
        door = view.door
        if door.kind == doors.PUBLIC:
            public.append(f"| `{path}` | {door.reason} |")
        elif door.kind == doors.SIGNED_IN:
            signed_in.append(f"| `{path}` | {door.reason} |")
        elif door.kind == doors.LINK_BEARERS:
            bearers.append(f"| `{path}` | {_said(view)} | {door.reason} |")
        elif door.kind == doors.MACHINES:
            scopes = (", ".join(f"`{scope}`" for scope in kind) or "—" for kind in (door.opens, door.acts))
            machines.append(f"| `{path}` | {' | '.join(scopes)} |")
        else:
            said = _said(view)
            note = f" ({door.reason})" if door.reason else ""
            lines.append(f"| `{path}` | {said}{note} | " + " | ".join(_cells(door, methods_of(view))) + " |")
    reasons = "| address | why |\n| --- | --- |\n"
    return "\n".join(
        [
            "## By role\n",
            *lines,
            "\n## Whoever has signed in\n",
            reasons + "\n".join(signed_in),
            "\n## Whoever opened a link received by e-mail\n",
            "| address | page | what the link is for |\n| --- | --- | --- |\n" + "\n".join(bearers),
            "\n## Programs that bear a token\n",
            "| address | scope to read | scope to act |\n| --- | --- | --- |\n" + "\n".join(dict.fromkeys(machines)),
            "\n## Anyone\n",
            reasons + "\n".join(public),
        ]
    )


def _said(view: Any) -> str:
    """The first line of what the view says of itself."""
    return (inspect.getdoc(view) or "").partition("\n")[0].replace("|", "\\|")


def _cells(door: doors.Door, methods: frozenset[str]) -> Iterator[str]:
    for column in COLUMNS:
        kind, role = _place_of(column)
        here = kind == door.kind or (door.kind == doors.NETWORK_PEOPLE and kind != doors.SEATED)
        whole = door.kind == doors.NETWORK_HEADS
        opens = here and (role in door.opens or whole) and bool(methods & {"GET"})
        acts = here and (role in door.acts or whole) and bool(methods & {"POST"})
        yield ACTS if acts else READS if opens else NOTHING


def _place_of(column: str) -> tuple[str, str]:
    if column in Role.values:
        return doors.MEMBERS, column
    if column.startswith("seat: "):
        return doors.SEATED, column.removeprefix("seat: ")
    return doors.NETWORK_HEADS, doors.HEAD


def _views(patterns: list[Any], before: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = before + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "door"):
            yield path, pattern.callback


def methods_of(view: Callable[..., Any] | None) -> frozenset[str]:
    """Return the methods a view answers, from its ``require_…`` decorator; GET and POST when it has none."""
    while view is not None:
        inside = inspect.getclosurevars(view).nonlocals
        if "request_method_list" in inside:
            return frozenset(inside["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return frozenset({"GET", "POST"})
