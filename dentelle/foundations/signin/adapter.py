"""What Dentelle changes in django-allauth: closed sign-up, our words, our outbox, encrypted secrets."""

from typing import Any
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.foundations.signin import secrets

NOT_RECOGNISED = "Adresse ou mot de passe non reconnus. Vérifiez l’adresse, puis les majuscules du mot de passe."
TOO_MANY = "Trop d’essais en peu de temps. Attendez cinq minutes, puis recommencez."
WRONG_CODE = "Ce code n’est pas le bon, ou il a expiré. Prenez le code affiché en ce moment."

# allauth's name of a message → (our sentence, our template): an absent name says nothing, on screen or by e-mail
SAID = {
    "account/messages/password_changed.txt": "Mot de passe changé.",
    "account/messages/password_set.txt": "Mot de passe enregistré.",
    "account/messages/primary_email_set.txt": "Adresse changée : c’est avec elle que vous vous connectez désormais.",
    "account/messages/email_confirmed.txt": "Adresse confirmée : c’est avec elle que vous vous connectez désormais.",
    "account/messages/email_deleted.txt": "Changement d’adresse abandonné.",
    "account/messages/email_confirmation_sent.txt": "Un code vient d’être envoyé à la nouvelle adresse.",
    "mfa/messages/totp_activated.txt": "Application d’authentification activée.",
    "mfa/messages/totp_deactivated.txt": "Application d’authentification retirée.",
    "mfa/messages/webauthn_added.txt": "Clé d’accès ajoutée.",
    "mfa/messages/webauthn_removed.txt": "Clé d’accès retirée.",
    "mfa/messages/recovery_codes_generated.txt": "Nouveaux codes de secours : les anciens ne valent plus rien.",
}
CHANGED = "signin/mail/changed.txt"
MAILS = {
    "account/email/password_reset_key": ("Choisir un nouveau mot de passe", "signin/mail/password_reset.txt"),
    "account/email/unknown_account": ("Aucun compte à cette adresse", "signin/mail/unknown_account.txt"),
    "account/email/email_confirmation": ("Confirmer votre nouvelle adresse", "signin/mail/email_code.txt"),
    "account/email/email_changed": ("L’adresse de votre compte a changé", CHANGED),
    "account/email/password_changed": ("Votre mot de passe a changé", CHANGED),
    "account/email/password_reset": ("Votre mot de passe a changé", CHANGED),
    "account/email/password_set": ("Votre mot de passe a été choisi", CHANGED),
    "mfa/email/totp_activated": ("Application d’authentification activée", CHANGED),
    "mfa/email/totp_deactivated": ("Application d’authentification retirée", CHANGED),
    "mfa/email/webauthn_added": ("Clé d’accès ajoutée", CHANGED),
    "mfa/email/webauthn_removed": ("Clé d’accès retirée", CHANGED),
    "mfa/email/recovery_codes_generated": ("Nouveaux codes de secours", CHANGED),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by an invitation or by whoever runs the installation."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": NOT_RECOGNISED,
        "email_password_mismatch": NOT_RECOGNISED,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": "Ce n’est pas votre mot de passe actuel.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": WRONG_CODE,
        "same_as_current": "C’est déjà votre adresse.",
        # never says that another account has it
        "email_taken": "Cette adresse ne peut pas être utilisée ici.",
        "duplicate_email": "C’est déjà votre adresse.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A closed account answers as an unknown one, even to the right password."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, NOT_RECOGNISED)
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("mfa_index" if self.request.user.is_authenticated else "account_login")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or SAID.get(message_template or "")
        if sentence:
            messages.add_message(request, level, sentence, extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to the outbox, in the transaction of the act, instead of to the mail server while the person waits."""
        subject, template = MAILS[template_prefix]
        site = self.request.build_absolute_uri("/")
        known = {
            "subject": subject,
            "login_url": urljoin(site, reverse("account_login")),
            "reset_url": urljoin(site, reverse("account_reset_password")),
            "email": email,
        }
        wanted = {name: context[name] for name in ("password_reset_url", "code") if name in context}
        send(MessageKind.IMMEDIATE, email, subject, template, known | wanted, at=timezone.now(), structure=None)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets encrypted at rest, keys named in French."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": (
            "Les codes de secours remplacent un second facteur : activez d’abord une application ou une clé d’accès."
        ),
    }

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        rank = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Clé d’accès" if rank == 1 else f"Clé d’accès {rank}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Dentelle"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        name = user.full_name if isinstance(user, User) else str(user)
        return super().get_public_key_credential_user_entity(user) | {"display_name": name}
