"""The browser of the journeys, and people who sign in through the login page."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dentelle.foundations.organisations.models import Membership
from tests.e2e.browser import watched
from tests.factories import PASSWORD
from tests.territory.fixtures import ground_directory, load_purchases, reference, with_ground

# Playwright's synchronous API runs its own loop in this thread; the database is only used between its calls
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, or a skip that says what is missing."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="the e2e dependency group is not installed (make e2e does it)"
    )
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with api.sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, live_server: Any, tmp_path: Path) -> Iterator[Any]:
    """A fresh browser page on the live site; whatever it asks outside of it fails the journey."""
    context = chromium.new_context(
        base_url=live_server.url, locale="fr-FR", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    opened = context.new_page()
    with watched(opened, live_server.url):
        yield opened
    context.close()


@pytest.fixture
def sign_in(page: Any) -> Callable[[Membership], None]:
    """``sign_in(facilitator)``: through the login page, as a person does."""

    def go(membership: Membership) -> None:
        page.goto("/connexion/")
        page.get_by_label("Adresse électronique").fill(membership.user.email)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/")

    return go


__all__ = ["ground_directory", "load_purchases", "reference", "with_ground"]
