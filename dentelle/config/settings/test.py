"""Tests: nothing written outside a temporary folder, quick password hashing, template mistakes are errors."""

import os
import tempfile

# always a folder of its own, whatever the environment says: tests must never touch the data of a real installation
os.environ["DENTELLE_HOME"] = tempfile.mkdtemp(prefix="dentelle-test-")
for name in ("DENTELLE_GROUND", "DENTELLE_DECP", "CLAMD_SOCKET", "EMAIL_URL", "MAIL_FROM", "DENTELLE_PROXIES"):
    os.environ.pop(name, None)

from .base import *  # noqa: E402
from .base import DATABASES, MIDDLEWARE, TEMPLATE_OPTIONS  # noqa: E402

SECRET_KEY = "only-for-tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class UnknownVariable(str):
    """Makes ``{{ a_name_that_does_not_exist }}`` an error instead of nothing."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: object) -> str:
        raise LookupError(f"the template reads {name}, which its context does not hold")


TEMPLATE_OPTIONS["string_if_invalid"] = UnknownVariable("unknown")
MIDDLEWARE = ["tests.hardening.GetNeverWrites", *MIDDLEWARE]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # rows without an ORDER BY come the other way round: a page that counts on their order fails here, not one day
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA reverse_unordered_selects=ON;"
