"""One text template gives both parts of an e-mail: what is read as plain text, and the same words as simple HTML."""

import re
from html import escape
from typing import Any

from django.template import Context
from django.template.loader import get_template, render_to_string

_BLANK_LINES = re.compile(r"\n\s*\n")
_ADDRESS = re.compile(r"https?://[^\s<>]+")


def rendered(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return the text and the HTML of ``template``. A paragraph that is only an address becomes a link of its own."""
    # an e-mail is not HTML: « l’emploi & Cie » stays as it is in the text, and is escaped once for the other part
    source = get_template(template).template  # type: ignore[attr-defined]
    text = _tidy(source.render(Context(context, autoescape=False)))
    body = "\n".join(_paragraph(paragraph) for paragraph in _BLANK_LINES.split(text))
    return text + "\n", render_to_string("mail/message.html", {"body": body})


def _tidy(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_linked(line[2:])}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(_linked(line) for line in lines) + "</p>"


def _linked(line: str) -> str:
    """Escape, then make addresses clickable: nothing a person typed reaches the HTML as HTML."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(line):
        address = escape(found[0])
        parts += [escape(line[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(line[end:])])
