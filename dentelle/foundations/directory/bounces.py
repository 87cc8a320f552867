"""Delivery-status mails (RFC 3464): which addresses a mail could not reach, and whether for good.

Reads what anybody may have written: sizes are bounded, nothing in it is trusted beyond the addresses it names, and the file
is not kept.
"""

import re
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser

from dentelle.foundations.directory.models import BounceKind
from dentelle.foundations.directory.refusals import DirectoryRefused

MOST_BYTES = 2 * 1024 * 1024
MOST_PARTS = 100
MOST_RECIPIENTS = 200
LONGEST_REASON = 300
# RFC 3463: class, subject, detail. Class 5 is permanent, class 4 is temporary, class 2 is a success.
_STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that was not reached. ``address`` is in lower case, ``status`` like « 5.1.1 », ``reason`` the server's words."""

    address: str
    kind: str
    status: str
    reason: str


def read_bounces(raw: bytes) -> tuple[Failure, ...]:
    """Return the failures a delivery-status mail reports, one per address, the permanent one when both are said.

    Deliveries, relays and expansions are not failures and are left out. Raises DirectoryRefused (``too_large``,
    ``not_a_report``, ``unreadable``).
    """
    if len(raw) > MOST_BYTES:
        raise DirectoryRefused(
            "too_large",
            f"Ce fichier dépasse {MOST_BYTES // 1024 // 1024} Mo : un avis de non-remise est bien plus petit.",
        )
    failures: dict[str, Failure] = {}
    try:
        blocks = _recipient_blocks(BytesParser(policy=policy.compat32).parsebytes(raw))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as broken:
        raise DirectoryRefused("unreadable", "Ce message est abîmé ou fabriqué : il n’a pas pu être lu.") from broken
    for block in blocks:
        for failure in _failures_of(block):
            known = failures.get(failure.address)
            if known is None or failure.kind == BounceKind.PERMANENT:
                failures[failure.address] = failure
    return tuple(failures.values())


def _recipient_blocks(message: Message) -> list[Message]:
    """The groups of fields about each recipient; the first group of a report is about the message itself."""
    for rank, part in enumerate(message.walk()):
        if rank >= MOST_PARTS:
            break
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, list):
                return [block for block in blocks if isinstance(block, Message)][: MOST_RECIPIENTS + 1]
    raise DirectoryRefused(
        "not_a_report",
        "Ce message n’est pas un avis de non-remise : déposez le message reçu de « Mail Delivery System » ou équivalent, "
        "enregistré au format .eml.",
    )


def _failures_of(block: Message) -> list[Failure]:
    status = _STATUS.match(str(block.get("Status", "")))
    action = str(block.get("Action", "")).strip().lower()
    if action not in {"failed", "delayed"} and not (action == "" and status):
        return []
    if status is None or status[1] == "2":
        return []
    kind = BounceKind.PERMANENT if status[1] == "5" and action != "delayed" else BounceKind.TEMPORARY
    code = ".".join(status.groups())
    reason = _plain(str(block.get("Diagnostic-Code", "")).partition(";")[2])
    # the address written to may have been an alias: the original recipient is the one we know
    named = (_address(block.get(field)) for field in ("Final-Recipient", "Original-Recipient"))
    return [Failure(address, kind.value, code, reason) for address in dict.fromkeys(named) if address]


def _address(field: object) -> str:
    """« rfc822; Jean@Exemple.fr » → « jean@exemple.fr »; empty for any other kind of address."""
    kind, _, address = str(field or "").partition(";")
    bare = "".join(address.split()).strip("<>").lower()
    good = kind.strip().lower() in {"rfc822", "utf-8"} and bare.count("@") == 1 and len(bare) <= 254
    return bare if good and bare.isprintable() else ""


def _plain(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:LONGEST_REASON]
