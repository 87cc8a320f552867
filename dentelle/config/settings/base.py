"""What every installation shares. Values that change between installations are read from the environment, once, here."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

PROJECT = Path(__file__).resolve().parents[3]
env = environ.Env()

# Everything written at run time lives under this folder; deleting it loses data but never breaks the programme.
DENTELLE_HOME = Path(env.str("DENTELLE_HOME", default=str(PROJECT / "var"))).resolve()
DENTELLE_HOME.mkdir(parents=True, exist_ok=True)

# Open data: where the ground (communes, zonings) and the procurement data set are read from.
DENTELLE_GROUND = Path(env.str("DENTELLE_GROUND", default=str(DENTELLE_HOME / "ground")))
DENTELLE_DECP = Path(env.str("DENTELLE_DECP", default=str(DENTELLE_HOME / "decp")))
DENTELLE_NODE_MODULES = Path(env.str("DENTELLE_NODE_MODULES", default=str(PROJECT / "node_modules")))

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Shows the demo accounts on the login page; never set it where real people work.
DENTELLE_DEMO = env.bool("DENTELLE_DEMO", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "dentelle.foundations.accounts",
    "dentelle.foundations.organisations",
    "dentelle.foundations.journal",
    "dentelle.foundations.awaiting",
    "dentelle.foundations.structures",
    "dentelle.foundations.search",
    "dentelle.foundations.directory",
    "dentelle.foundations.documents",
    "dentelle.foundations.jobs",
    "dentelle.foundations.sent_forms",
    "dentelle.foundations.messages",
    "dentelle.foundations.digests",
    "dentelle.foundations.signin",
    "dentelle.foundations.invitations",
    "dentelle.foundations.tokens",
    "dentelle.foundations.takeout",
    "dentelle.foundations.intake",
    "dentelle.thread.territory",
    "dentelle.thread.purchases",
    "dentelle.thread.clauses",
    "dentelle.thread.plans",
    "dentelle.thread.contracts",
    "dentelle.thread.papers",
    "dentelle.thread.publications",
    "dentelle.network.surveys",
    "dentelle.network.practices",
    "dentelle.network.tour",
    "dentelle.network.agreements",
    "dentelle.network.governance",
    "dentelle.network.members",
    "dentelle.network.library",
    "dentelle.network.advocacy",
    "dentelle.web",
    "dentelle.web.spaces",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dentelle.foundations.accounts.middleware.SessionEndedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dentelle.foundations.invitations.middleware.LinkMiddleware",
    "dentelle.foundations.organisations.middleware.CurrentHatMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "dentelle.config.urls"
WSGI_APPLICATION = "dentelle.config.wsgi.application"

TEMPLATE_OPTIONS: dict[str, Any] = {
    "builtins": [
        "django.templatetags.static",
        "django.contrib.humanize.templatetags.humanize",
        "dentelle.web.templatetags.dentelle",
    ],
    "context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "dentelle.web.context.page",
    ],
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": TEMPLATE_OPTIONS,
    }
]

# --- Database: SQLite embedded by default, PostgreSQL by DATABASE_URL, the same tests on both --------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DENTELLE_HOME / 'dentelle.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,  # the longest write, ten thousand lines of a plan, on a machine that does ten things at once
        # recursive_triggers makes REPLACE fire the DELETE triggers that protect the journal
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
else:
    # pages ask short questions: compiling a plan, or starting workers for it, takes longer than answering
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c jit=off -c max_parallel_workers_per_gather=0"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "dentelle.web.views.stale_form"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 60 * 60 * 12

# --- Signing in (django-allauth): by e-mail, nobody signs up alone; the addresses served are those of foundations/signin
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "dentelle.foundations.signin.adapter.AccountAdapter"
MFA_ADAPTER = "dentelle.foundations.signin.adapter.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "dentelle.foundations.signin.forms.LoginForm",
    "reauthenticate": "dentelle.foundations.signin.forms.ReauthenticateForm",
    "reset_password": "dentelle.foundations.signin.forms.ResetPasswordForm",
    "reset_password_from_key": "dentelle.foundations.signin.forms.ResetPasswordKeyForm",
    "change_password": "dentelle.foundations.signin.forms.ChangePasswordForm",
    "set_password": "dentelle.foundations.signin.forms.SetPasswordForm",
    "add_email": "dentelle.foundations.signin.forms.ChangeEmailForm",
    "confirm_email_verification_code": "dentelle.foundations.signin.forms.EmailCodeForm",
}
MFA_FORMS = {
    "authenticate": "dentelle.foundations.signin.forms.AuthenticateForm",
    "reauthenticate": "dentelle.foundations.signin.forms.ReauthenticateCodeForm",
    "activate_totp": "dentelle.foundations.signin.forms.ActivateTOTPForm",
    "login_webauthn": "dentelle.foundations.signin.forms.LoginKeyForm",
    "authenticate_webauthn": "dentelle.foundations.signin.forms.SecondFactorKeyForm",
    "reauthenticate_webauthn": "dentelle.foundations.signin.forms.ReauthenticateKeyForm",
    "add_webauthn": "dentelle.foundations.signin.forms.AddKeyForm",
    "edit_webauthn": "dentelle.foundations.signin.forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Dentelle"
MFA_TOTP_TOLERANCE = 1
# How many reverse proxies stand before the site: whose word is taken for the address a request comes from.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("DENTELLE_PROXIES", default=0)

# What counts attempts. A folder, so that every process of the site counts together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DENTELLE_HOME / "cache",
    }
}

# --- The site's own address, for the messages the clock writes: no request says it ------------------------------------
DENTELLE_SITE = env.str("DENTELLE_SITE", default="http://localhost:8000")

# --- Mail --------------------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Dentelle <dentelle@localhost>")

# --- Language ----------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- Files -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DENTELLE_HOME / "static"
STATICFILES_DIRS = [("bootstrap", DENTELLE_NODE_MODULES / "bootstrap" / "dist")]
MEDIA_ROOT = DENTELLE_HOME / "files"
FILE_UPLOAD_TEMP_DIR = None
# Files made by background work (exports, lists of refusals) are removed after this many days.
DENTELLE_RESULT_DAYS = env.int("DENTELLE_RESULT_DAYS", default=30)
# Socket of the clamd antivirus; without one, uploads say « non analysé ».
CLAMD_SOCKET = env.str("CLAMD_SOCKET", default="")
# Largest DECP file taken from a browser, in megabytes; larger ones come in by « dentelle decp import ».
DENTELLE_IMPORT_MAX_MB = env.int("DENTELLE_IMPORT_MAX_MB", default=600)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# fifty lines of a dropped spreadsheet, each of some forty cells, as opened and as typed
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Background work ---------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Safety ------------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws its form controls with data: images
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
