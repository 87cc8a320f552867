"""The address that stops the daily e-mail: it names one person and does one thing, for as long as the e-mail is kept."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from dentelle.foundations.accounts.models import User

_SIGNER = Signer(salt="digests.stop", sep=".")


def stop_token(user: User) -> str:
    """Return what stops this person's e-mails, and nothing else of theirs."""
    return str(_SIGNER.sign(str(user.pk)))


def stop_address(user: User) -> str:
    """Return the whole address, as an e-mail carries it."""
    return urljoin(str(settings.DENTELLE_SITE), reverse("digests:stop", kwargs={"token": stop_token(user)}))


def stopped_by(token: str) -> User | None:
    """Return whose e-mails a token stops, None when it is not one of ours."""
    try:
        pk = int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=pk).first()
