"""Tests: nothing written outside a temporary folder, quick password hashing, template mistakes are errors."""

import os
import tempfile

os.environ.setdefault("DENTELLE_HOME", tempfile.mkdtemp(prefix="dentelle-test-"))

from .base import *

SECRET_KEY = "only-for-tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
