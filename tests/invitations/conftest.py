import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from dentelle.foundations.messages.models import Message


@pytest.fixture(autouse=True)
def _attempts_of_this_test_only() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def received(db: None) -> Callable[..., str]:
    """``received("a@b.example")``: the address inside the last e-mail written to it, path only."""

    def address_in(to: str, **filters: Any) -> str:
        message = Message.objects.filter(to=to, **filters).order_by("-created_at", "-pk").first()
        assert message is not None, f"nothing was written to {to}"
        found = re.search(r"https?://[^/\s]+(/\S+)", message.text)
        assert found
        return found[1]

    return address_in
