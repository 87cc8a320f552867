"""The door gunicorn opens."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dentelle.config.settings.production")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402 (settings are readable only once the application exists)

if settings.SECRET_KEY.startswith("unset-"):
    raise ImproperlyConfigured("SECRET_KEY is not set: generate one and give it in the environment (docs/deploy.md).")
