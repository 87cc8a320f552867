"""The browser of the journeys, and people who sign in through the login page."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.utils import timezone

from dentelle.demo.load import load_demo
from dentelle.foundations.accounts.demo import DEMO_PASSWORD
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


Visit = Callable[[], Any]


@pytest.fixture
def site_at_rest() -> Iterator[None]:
    """Leaves the journey once the site has answered everything: what is still being read could not be emptied after it."""
    asked, answered = count(), count()
    latest = {"asked": -1, "answered": -1}

    def starts(**_: Any) -> None:
        latest["asked"] = next(asked)

    def ends(**_: Any) -> None:
        latest["answered"] = next(answered)

    request_started.connect(starts)
    request_finished.connect(ends)
    yield
    patience = monotonic() + 10
    while latest["answered"] < latest["asked"] and monotonic() < patience:
        sleep(0.02)
    request_started.disconnect(starts)
    request_finished.disconnect(ends)


@pytest.fixture
def visit(chromium: Any, live_server: Any, site_at_rest: None) -> Iterator[Visit]:
    """``visit()``: somebody else's browser, with nothing remembered; what it asks outside of the site fails the journey."""
    with ExitStack() as open_browsers:

        def someone() -> Any:
            context = chromium.new_context(
                base_url=live_server.url,
                locale="fr-FR",
                viewport={"width": 1280, "height": 900},
                reduced_motion="reduce",
            )
            context.set_default_timeout(30_000)
            opened = context.new_page()
            open_browsers.callback(context.close)
            open_browsers.enter_context(watched(opened, live_server.url))
            return opened

        yield someone


@pytest.fixture
def page(visit: Visit) -> Any:
    """A fresh browser page on the live site; whatever it asks outside of it fails the journey."""
    return visit()


def log_in(page: Any, email: str, password: str) -> None:
    """Through the login page, as a person does."""
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/")


@pytest.fixture
def sign_in(page: Any) -> Callable[[Membership], None]:
    """``sign_in(facilitator)``: through the login page, as a person does."""
    return lambda membership: log_in(page, membership.user.email, PASSWORD)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration's open data are made, once: fictional purchases over a real territory."""
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture
def demo(demo_folder: Path, live_server: Any, settings: Any) -> Callable[..., None]:
    """The site as « make run » opens it. ``demo(page, "nadia")`` signs in as one of the people of its login page."""
    _lives_in(settings, demo_folder)
    settings.DENTELLE_DEMO = True
    load_demo(at=timezone.now(), say=lambda sentence: None)
    return lambda page, who: log_in(page, f"{who}@demo.dentelle.example", DEMO_PASSWORD)


@pytest.fixture
def finish_jobs(run_jobs: Callable[[], int]) -> Callable[[Any], None]:
    """``finish_jobs(page)``: the work this page waits for is done when it is shown again."""

    def finish(page: Any) -> None:
        # the page asks for news every two seconds, and in tests the site and the work share one connection
        waiting = page.url
        page.goto("about:blank")
        run_jobs()
        page.goto(waiting)

    return finish


@pytest.fixture
def own_data(demo: Callable[..., None], demo_folder: Path, tmp_path: Path, settings: Any) -> None:
    """The demonstration on a copy of its data, for journeys that change them."""
    _lives_in(settings, Path(shutil.copytree(demo_folder, tmp_path / "home")))


def _lives_in(settings: Any, folder: Path) -> None:
    settings.DENTELLE_HOME = folder
    settings.DENTELLE_GROUND, settings.DENTELLE_DECP = folder / "ground", folder / "decp"


__all__ = ["ground_directory", "load_purchases", "reference", "with_ground"]
