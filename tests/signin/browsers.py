from typing import Any

from django.test import Client


class Browser(Client):
    """A test client on https, where passkeys are allowed."""

    def generic(self, *args: Any, secure: bool = True, **kwargs: Any) -> Any:
        return super().generic(*args, secure=True, **kwargs)
