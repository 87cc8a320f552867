"""What makes whole kinds of mistakes impossible in tests: writing on GET, calling the network, flushing protected tables."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

_WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# signing in and flash messages keep their state in the session, whatever the method
_ALLOWED = re.compile(r"django_session", re.IGNORECASE)


class WrittenOnGet(AssertionError):
    """A page changed the database while it was only being read."""


class GetNeverWrites:
    """Middleware of the test settings: during GET and HEAD, any statement that writes raises ``WrittenOnGet``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(_refuse_writes))
            return self.get_response(request)


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _WRITE.match(sql) and not _ALLOWED.search(sql):
        raise WrittenOnGet(sql[:200])
    return execute(sql, params, many, context)


class NetworkUsed(AssertionError):
    """A test tried to reach another machine."""


@contextmanager
def loopback_only() -> Iterator[None]:
    """Within it, sockets connect to this machine only; anything else raises ``NetworkUsed``."""
    connect, resolve = socket.socket.connect, socket.getaddrinfo
    local = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}  # noqa: S104 (a comparison, nothing is bound)

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in local:
            raise NetworkUsed(f"tests stay on this machine: {address!r}")
        return connect(self, address)

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in local:
            raise NetworkUsed(f"tests stay on this machine: {name!r}")
        return resolve(host, *args, **kwargs)

    socket.socket.connect, socket.getaddrinfo = guarded_connect, guarded_resolve  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.socket.connect, socket.getaddrinfo = connect, resolve  # type: ignore[method-assign]
