"""EMAIL_URL and MAIL_FROM say through whom mail leaves."""

import json
import subprocess
import sys

import pytest

from tests.databases import ROOT, environment

ASK = """
import json
from django.conf import settings as s
names = ["EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "DEFAULT_FROM_EMAIL"]
print(json.dumps({n: getattr(s, n) for n in names} | {"tls": s.EMAIL_USE_TLS, "ssl": s.EMAIL_USE_SSL}))
"""
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def settings_of(module, home, **more):
    variables = environment(home, f"sqlite:///{home}/x.sqlite3", **more)
    variables["DJANGO_SETTINGS_MODULE"] = f"dentelle.config.settings.{module}"
    answered = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=variables, capture_output=True, check=True)
    return json.loads(answered.stdout)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp+tls://dentelle%40essai.example:m%2Fp@mail.essai.example:587", 587, True, False),
        ("smtp+ssl://dentelle%40essai.example:m%2Fp@mail.essai.example:465", 465, False, True),
    ],
)
def test_mail_leaves_by_the_server_of_the_setting(url, port, tls, ssl, tmp_path):
    found = settings_of("production", tmp_path, EMAIL_URL=url, MAIL_FROM="Dentelle <dentelle@essai.example>")
    assert (found["EMAIL_BACKEND"], found["EMAIL_HOST"], found["EMAIL_PORT"]) == (SMTP, "mail.essai.example", port)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("dentelle@essai.example", "m/p")
    assert (found["tls"], found["ssl"]) == (tls, ssl)
    assert found["DEFAULT_FROM_EMAIL"] == "Dentelle <dentelle@essai.example>"


def test_without_a_setting_production_speaks_to_the_machine_s_own_server(tmp_path):
    found = settings_of("production", tmp_path)
    assert (found["EMAIL_BACKEND"], found["EMAIL_HOST"], found["EMAIL_PORT"]) == (SMTP, "localhost", 25)


def test_without_a_setting_development_sends_nothing_out(tmp_path):
    assert settings_of("dev", tmp_path)["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert settings_of("dev", tmp_path, EMAIL_URL="smtp://localhost:2525")["EMAIL_BACKEND"] == SMTP
