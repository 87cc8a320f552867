"""The library of the fictional network: items people answer for, one of them left unread too long, and the path of who is new."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.library.actions import Content, Step, add_item, write_path
from dentelle.network.library.models import LibraryItem

STORY = Path(__file__).with_name("library.yaml")


def load_library(seat: NetworkSeat, *, at: datetime) -> int:
    """Fill the library once; return how many items were added."""
    if LibraryItem.objects.filter(network=seat.network).exists():
        return 0
    story: Mapping[str, Any] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    made = {said["title"]: _item(seat, said, at=at) for said in story["items"]}
    steps = [Step(said["title"], said.get("words", ""), made.get(said.get("item", ""))) for said in story["path"]]
    write_path(seat, steps, at=at)
    return len(made)


def _item(seat: NetworkSeat, said: Mapping[str, Any], *, at: datetime) -> LibraryItem:
    today = at.date()
    text = said.get("file")
    content = Content(
        kind=said["kind"],
        title=said["title"],
        summary=said.get("summary", ""),
        words=said.get("words", ""),
        link="",
        source=said.get("source", ""),
        held_on=today - timedelta(days=said["held"]) if "held" in said else None,
        owner=User.objects.get(email=f"{said['by']}@demo.dentelle.example"),
        up_to_date_on=today - timedelta(days=said["days"]),
        review_months=said["every"],
        upload=SimpleUploadedFile(f"{slugify(said['title'])}.txt", text.encode()) if text else None,
    )
    return add_item(seat, content, at=at)
