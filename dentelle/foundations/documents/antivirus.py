"""A client of the clamd antivirus daemon: streams bytes to its socket (INSTREAM), never a path."""

import socket
import struct
from collections.abc import Iterable

from dentelle.foundations.documents.models import Scan


class ScannerUnavailable(Exception):
    """The daemon did not answer, or answered something else than a verdict."""


def scan(chunks: Iterable[bytes], socket_path: str, *, timeout: float = 60.0) -> Scan:
    """Return the verdict of the daemon listening on ``socket_path``; NOT_SCANNED when no socket is configured.

    Raises ``ScannerUnavailable`` when a socket is configured but gives no verdict: the caller keeps the file in quarantine.
    """
    if not socket_path:
        return Scan.NOT_SCANNED
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(timeout)
            link.connect(socket_path)
            link.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                link.sendall(struct.pack("!L", len(chunk)) + chunk)
            link.sendall(struct.pack("!L", 0))
            answer = b""
            while not answer.endswith(b"\0") and (piece := link.recv(4096)):
                answer += piece
    except OSError as failure:
        raise ScannerUnavailable(str(failure)) from failure
    verdict = answer.rstrip(b"\0\n")
    if verdict.endswith(b" OK"):
        return Scan.CLEAN
    if verdict.endswith(b" FOUND"):
        return Scan.INFECTED
    raise ScannerUnavailable(verdict.decode("ascii", "replace"))
