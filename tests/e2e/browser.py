"""What every journey does besides clicking: pictures with names, accessibility, nothing asked outside.

``snapshot(page, "territory")`` writes ``territory-1280.png`` and ``territory-390.png``; ``assert_accessible(page)`` runs axe
on the page as it stands; ``watched(page, url)`` makes any outside request, script error or refused content fail the test.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tests.shared import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

WIDTHS = {1280: 900, 390: 844}
# test settings give each run a folder of its own that is deleted at its end: pictures go where they stay
SNAPSHOTS = Path(os.environ.get("DENTELLE_SNAPSHOTS", ROOT / "var" / "e2e"))


def snapshot(page: "Page", name: str) -> None:
    """Write the whole page as it stands, at 1280 and 390 px; leave it at 1280. It may not scroll sideways at either."""
    SNAPSHOTS.mkdir(parents=True, exist_ok=True)
    for width in sorted(WIDTHS):
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.screenshot(path=SNAPSHOTS / f"{name}-{width}.png", full_page=True)
        assert wider <= 0, f"{name}: {wider} px wider than a screen of {width} px"


def assert_accessible(page: "Page") -> None:
    """Run axe on the page at both widths and in dark mode; any violation fails with its elements."""
    if not page.evaluate("typeof window.axe === 'object'"):
        # evaluated by the debugger: the page's own content policy stays as strict as for anyone
        page.evaluate((settings.DENTELLE_NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    for width, scheme in ((1280, "light"), (390, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate("async () => (await axe.run()).violations")
        told = [
            {"rule": one["id"], "help": one["help"], "where": [node["html"][:160] for node in one["nodes"][:3]]}
            for one in found
        ]
        assert not found, f"{page.url} at {width} px, {scheme}:\n" + json.dumps(told, ensure_ascii=False, indent=1)
    page.emulate_media(color_scheme="light")


@contextmanager
def watched(page: "Page", url: str) -> Iterator["Page"]:
    """Within it, a request to another place than ``url``, a script error or content the policy refuses is a failure."""
    wrong: list[str] = []

    def look(request: "Request") -> None:
        if not request.url.startswith((url, "data:", "about:", "blob:")):
            wrong.append(f"asked outside: {request.url}")

    def listen(message: "ConsoleMessage") -> None:
        # a form sent with an error answers 422, which the console calls a failure to load
        if message.type == "error" and "422" not in message.text:
            wrong.append(f"console: {message.text}")

    page.on("request", look)
    page.on("console", listen)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    yield page
    assert not wrong, "\n".join(wrong)
