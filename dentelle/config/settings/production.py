"""A public server behind a reverse proxy that ends TLS. ``SECRET_KEY`` and ``ALLOWED_HOSTS`` come from the environment."""

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import ALLOWED_HOSTS, SECRET_KEY, env

if not SECRET_KEY:
    # `check --deploy` runs without secrets on a developer's machine; serving does not (wsgi.py refuses)
    import secrets

    SECRET_KEY = "unset-" + secrets.token_urlsafe(60)
DENTELLE_DEMO = False
if env.bool("DENTELLE_DEMO", default=False):
    raise ImproperlyConfigured("DENTELLE_DEMO shows accounts and passwords: it cannot be set in production.")

DENTELLE_SITE = env.str("DENTELLE_SITE", default=f"https://{ALLOWED_HOSTS[0]}")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Caddy stands before the site and says in X-Forwarded-For where a request comes from
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("DENTELLE_PROXIES", default=1)
