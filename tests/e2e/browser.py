"""What every journey does besides clicking: pictures with names, accessibility, nothing asked outside.

``snapshot(page, "territory")`` writes ``territory-1280.png`` and ``territory-390.png``; ``assert_accessible(page)`` runs axe
on the page as it stands; ``watched(page, url)`` makes any outside request, script error or refused content fail the test.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tests.shared import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

PICTURED = {390: 844, 1280: 900}
WIDTHS = PICTURED | {768: 1024, 1920: 1080}
# test settings give each run a folder of its own that is deleted at its end: pictures go where they stay
SNAPSHOTS = Path(os.environ.get("DENTELLE_SNAPSHOTS", ROOT / "var" / "e2e"))


def snapshot(page: "Page", name: str) -> None:
    """Write the whole page as it stands, at 1280 and 390 px; leave it at 1280. It may not scroll sideways at any width."""
    SNAPSHOTS.mkdir(parents=True, exist_ok=True)
    if page.evaluate("!!document.querySelector('main [hx-get], main [hx-post]')"):
        # the picture styles each box for an instant: a part that is replaced meanwhile would copy it, which the policy refuses
        asks_no_more(page)
    for width in sorted(WIDTHS, key=lambda width: (width == 1280, width)):
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width in PICTURED:
            page.screenshot(path=SNAPSHOTS / f"{name}-{width}.png", full_page=True)
        assert wider <= 0, f"{name}: {wider} px wider than a screen of {width} px"


def reached(page: "Page", name: str) -> None:
    """What every page reached must be: accessible, as wide as the screen; and pictured under its name."""
    page.wait_for_load_state("networkidle")
    assert_accessible(page)
    snapshot(page, name)


def assert_accessible(page: "Page") -> None:
    """Run axe on the page at both widths and in dark mode; any violation fails with its elements."""
    if not page.evaluate("typeof window.axe === 'object'"):
        # evaluated by the debugger: the page's own content policy stays as strict as for anyone
        page.evaluate((settings.DENTELLE_NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    for width, scheme in ((1280, "light"), (390, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        # preloading would copy style sheets into the page, which its content policy refuses
        found = page.evaluate("async () => (await axe.run({ preload: false })).violations")
        told = [
            {"rule": one["id"], "help": one["help"], "where": [node["html"][:160] for node in one["nodes"][:3]]}
            for one in found
        ]
        assert not found, f"{page.url} at {width} px, {scheme}:\n" + json.dumps(told, ensure_ascii=False, indent=1)
    page.emulate_media(color_scheme="light")


def asks_no_more(page: "Page") -> None:
    """Wait until a page has asked all that typing makes it ask: in tests the site has one connection, shared with what saves."""
    page.wait_for_timeout(500)  # parts of pages ask a moment after the last key
    page.wait_for_function("!document.querySelector('.htmx-request')")


# what the console calls a failure to load when the page itself is a refusal
_ANSWERED = re.compile(r"responded with a status of (403|404|409|422)")


@contextmanager
def watched(page: "Page", url: str) -> Iterator["Page"]:
    """Within it, a request to another place than ``url``, a script error or content the policy refuses is a failure.

    A page that answers 403, 404, 409 or 422 says so to the person who asked for it; a part of a page that does is a failure.
    """
    wrong: list[str] = []

    def look(request: "Request") -> None:
        if not request.url.startswith((url, "data:", "about:", "blob:")):
            wrong.append(f"asked outside: {request.url}")

    def listen(message: "ConsoleMessage") -> None:
        if message.type == "error" and not (_ANSWERED.search(message.text) and message.location["url"] == page.url):
            wrong.append(
                f"{page.url}: console: {message.text[:300]} ({message.location['url']}:{message.location['lineNumber']})"
            )

    page.on("request", look)
    page.on("console", listen)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    yield page
    assert not wrong, "\n".join(wrong)
