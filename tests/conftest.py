"""Fixtures every test may ask for, and the hardening every test runs under (``tests/hardening.py``, ``tests/flush.py``)."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import settings as hypothesis_settings

from dentelle.foundations.organisations.models import Membership, Structure
from tests.factories import MembershipFactory, StructureFactory
from tests.flush import flushing
from tests.hardening import loopback_only

# a busy machine is not a failure: no test of ours is timed
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

TransactionTestCase._fixture_teardown = flushing(TransactionTestCase._fixture_teardown)  # type: ignore[method-assign,attr-defined]


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DENTELLE_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(autouse=True)
def _files_of_this_test_only(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def structure(db: None) -> Structure:
    return StructureFactory()


@pytest.fixture
def facilitator(structure: Structure) -> Membership:
    return MembershipFactory(structure=structure, facilitator=True)


@pytest.fixture
def manager(structure: Structure) -> Membership:
    return MembershipFactory(structure=structure, manager=True)


@pytest.fixture
def reader(structure: Structure) -> Membership:
    return MembershipFactory(structure=structure, reader=True)


@pytest.fixture
def outsider(db: None) -> Membership:
    """A member of another structure, who must see nothing of ``structure``."""
    return MembershipFactory(outsider=True)


@pytest.fixture
def client_of() -> Callable[[Membership], Client]:
    """``client_of(facilitator).get(…)``: a browser in which this person is signed in."""

    def sign_in(membership: Membership) -> Client:
        client = Client()
        client.force_login(membership.user)
        return client

    return sign_in


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Do now, in this process, the background work waiting in the queue; return how many tasks ran."""
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )

    def work() -> int:
        # not worker.run(): it closes the connection, and with it the transaction a test lives in
        ran = 0
        while task := DBTaskResult.objects.ready().first():
            task.claim("test")
            worker.run_task(task)
            ran += 1
        return ran

    return work


@pytest.fixture
def assert_max_queries() -> Callable[[int], AbstractContextManager[CaptureQueriesContext]]:
    """``with assert_max_queries(12): …`` fails, listing them, when the block makes more than twelve queries."""

    @contextmanager
    def at_most(count: int) -> Iterator[CaptureQueriesContext]:
        with CaptureQueriesContext(connection) as captured:
            yield captured
        made = [query["sql"][:200] for query in captured.captured_queries]
        assert len(made) <= count, f"{len(made)} queries, at most {count} allowed:\n" + "\n".join(made)

    return at_most
