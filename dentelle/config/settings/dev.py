"""One machine, fictional data: a key made at first start, static files served as they are."""

import os
import secrets

from .base import *
from .base import DENTELLE_HOME, SECRET_KEY, env

DENTELLE_DEMO = env.bool("DENTELLE_DEMO", default=True)
DEBUG = env.bool("DEBUG", default=False)

if not SECRET_KEY:
    key_file = DENTELLE_HOME / "secret_key"
    if not key_file.exists():
        key_file.write_text(secrets.token_urlsafe(50))
        key_file.chmod(0o600)
    SECRET_KEY = key_file.read_text()

WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if "EMAIL_URL" not in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DENTELLE_HOME / "mail"
