"""What a browser sends of a page, and what a page says of two people’s writings."""

import re
from html import unescape

from django.http import HttpResponse

from dentelle.foundations.sent_forms.actions import FIELD


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def sent_back(response: HttpResponse, having: str, **typed) -> dict[str, list[str] | str]:
    """The fields of the form that has the field ``having``, as a browser sends them untouched, then what somebody types."""
    forms = re.findall(r"<form.*?</form>", response.content.decode(), re.DOTALL)
    form = next(one for one in forms if f'name="{having}"' in one)
    values: dict[str, list[str] | str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        known = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if known.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if known.get("name", FIELD) != FIELD and known.get("type") != "file":
            values.setdefault(known["name"], []).append(known.get("value", ""))
    # after the tag of a box of several lines, one line end is not part of it
    for name, words in re.findall(r'<textarea[^>]*?name="([\w-]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        values.setdefault(name, []).append(re.sub("\r?\n", "\r\n", unescape(words)))
    for name, body in re.findall(r'<select[^>]*?name="([\w-]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', body) or re.search(r'<option value="([^"]*)"', body)
        values.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    return {**values, **typed}


def said_of(response: HttpResponse, label: str) -> list[str]:
    """What the page says of one field that changed: what is kept now, then what this person typed, if they did."""
    part = re.search(rf"<h3>{re.escape(label)}</h3>(.*?)(?=<h3>|</section>)", text(response), re.DOTALL)
    assert part, label
    return [words.strip() for words in re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", part[1], re.DOTALL)]
