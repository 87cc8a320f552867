"""allauth's forms in our words: labels above, help before the box, nothing said in a placeholder."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest

CHOOSE = "12 caractères au moins. Une suite de mots sans rapport entre eux se retient mieux qu’un mot compliqué."
CODE = "Les six chiffres affichés en ce moment par l’application, ou un code de secours."
WORDS: dict[str, tuple[str, str]] = {
    "login": ("Adresse électronique", ""),
    "email": ("Adresse électronique", ""),
    "password": ("Mot de passe", ""),
    "oldpassword": ("Mot de passe actuel", ""),
    "password1": ("Nouveau mot de passe", CHOOSE),
    "password2": ("Le même, encore", ""),
    "name": ("Nom de la clé", "Pour la reconnaître parmi d’autres : « Téléphone », « Ordinateur du bureau »."),
    "passwordless": (
        "Se connecter avec cette clé seule, sans mot de passe",
        "La clé demande alors votre empreinte, votre visage ou votre code.",
    ),
}


class InOurWords:
    """Sets the French label and help of each field; ``words`` of the form go before those of the house."""

    words: dict[str, tuple[str, str]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            words = self.words.get(name) or WORDS.get(name)
            if words:
                field.label, field.help_text = words
            field.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, account.LoginForm):
    """E-mail and password; the same words whatever is wrong, so that nobody learns which accounts exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "autofocus": True}

    def add_prefix(self, field_name: str) -> str:
        # the name browsers and password managers have learnt on this page
        return super().add_prefix("username" if field_name == "login" else field_name)


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    pass


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    words = {"email": ("Adresse électronique", "Celle avec laquelle vous vous connectez.")}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Write to an address without account too: the answer, and the time it takes, are those of a known one."""
        if self.users:
            return str(super().save(request, **kwargs))
        get_adapter().send_mail("account/email/unknown_account", self.cleaned_data["email"], {})
        return str(self.cleaned_data["email"])


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    pass


class ChangeEmailForm(InOurWords, account.AddEmailForm):
    words = {"email": ("Nouvelle adresse électronique", "Un code lui sera envoyé ; l’adresse actuelle sert jusque-là.")}


class EmailCodeForm(InOurWords, account.ConfirmEmailVerificationCodeForm):
    words = {"code": ("Code reçu", "Il se trouve dans le courriel envoyé à la nouvelle adresse.")}


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    words = {"code": ("Code", CODE)}


class ReauthenticateCodeForm(InOurWords, mfa.ReauthenticateForm):
    words = {"code": ("Code", CODE)}


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):
    words = {"code": ("Code affiché par l’application", "Six chiffres, qui changent toutes les trente secondes.")}


class ReadableKey:
    """A key's answer that cannot be read is a refusal, not a failure of the site."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _UNREADABLE as unreadable:
            raise get_mfa_adapter().validation_error("incorrect_code") from unreadable


_UNREADABLE = (AttributeError, KeyError, IndexError, TypeError, ValueError)


class LoginKeyForm(ReadableKey, webauthn.LoginWebAuthnForm):
    pass


class SecondFactorKeyForm(ReadableKey, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateKeyForm(ReadableKey, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddKeyForm(InOurWords, webauthn.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except _UNREADABLE as unreadable:
            raise get_mfa_adapter().validation_error("incorrect_code") from unreadable


class RenameKeyForm(InOurWords, webauthn.EditWebAuthnForm):
    pass
