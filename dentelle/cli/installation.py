"""What the verbs that act on an installation share: its settings, and refusals told in one line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from dentelle.cli.disk import disk_said
from dentelle.cli.main import UsageError


def open_installation() -> None:
    """Load Django with the settings of the environment, else those of development; UsageError when they cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dentelle.config.settings.dev")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except OSError as failure:
        raise UsageError(f"{failure.filename} : {failure.strerror}.") from failure
    except ImproperlyConfigured as failure:
        raise UsageError(f"réglages refusés : {failure}") from failure


@contextmanager
def refusals_in_one_line() -> Iterator[None]:
    """Turn a refused archive, or a disk that refuses, into the one line the command prints, with exit code 2."""
    from dentelle.foundations.backup.archive import ArchiveRefused

    try:
        yield
    except ArchiveRefused as refusal:
        raise UsageError(str(refusal)) from refusal
    except OSError as failure:
        raise UsageError(disk_said(failure, "fichier")) from failure
