"""Every change of a way of signing in leaves its line in the journal. Adds the address book of allauth to new accounts."""

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.signin.sessions import remember_browser


@receiver(post_save, sender=User, dispatch_uid="address-of-a-new-account")
def confirm_address_of_new_account(sender: Any, instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    """Whoever opens an account vouches for its address: the person running the installation, or an invitation received."""
    if created and not raw:
        EmailAddress.objects.get_or_create(
            user=instance, email=instance.email, defaults={"verified": True, "primary": True}
        )


# On the rows themselves: allauth's own signals come after the commit, when a line of journal could be lost.
@receiver(post_save, sender=Authenticator, dispatch_uid="journal-method-added")
def on_method_added(sender: Any, instance: Authenticator, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw:
        method, user = str(instance.type), instance.user
        record("account.method_added", user, at=timezone.now(), actor=user, structure=None, method=method)


@receiver(post_delete, sender=Authenticator, dispatch_uid="journal-method-removed")
def on_method_removed(sender: Any, instance: Authenticator, **_: Any) -> None:
    method, user = str(instance.type), instance.user
    record("account.method_removed", user, at=timezone.now(), actor=user, structure=None, method=method)


@receiver(user_logged_in, dispatch_uid="browser-of-a-session")
def on_signed_in(sender: Any, request: HttpRequest | None, **_: Any) -> None:
    """Have people recognise their own sessions in the list of their account."""
    if request is not None:
        remember_browser(request.session, request.META.get("HTTP_USER_AGENT", ""), at=timezone.now())


@receiver([account.password_changed, account.password_set], dispatch_uid="journal-password-changed")
def on_password_changed(sender: Any, user: User, **_: Any) -> None:
    record("account.password_changed", user, at=timezone.now(), actor=user, structure=None)


@receiver(account.password_reset, dispatch_uid="journal-password-reset")
def on_password_reset(sender: Any, user: User, **_: Any) -> None:
    record("account.password_reset", user, at=timezone.now(), actor=user, structure=None)


@receiver(account.email_changed, dispatch_uid="journal-address-changed")
def on_address_changed(sender: Any, user: User, **_: Any) -> None:
    record("account.address_changed", user, at=timezone.now(), actor=user, structure=None)
