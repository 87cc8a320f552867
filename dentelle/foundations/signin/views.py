"""The views of django-allauth that Dentelle serves, each behind a door, in our templates; and three of our own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from dentelle.foundations.digests.forms import DAYS
from dentelle.foundations.digests.queries import days_of
from dentelle.foundations.doors import public, signed_in
from dentelle.foundations.signin.sessions import end_other_sessions, open_sessions

View = Callable[..., HttpResponseBase]


def whole(view: View) -> View:
    """Make a POST one transaction: the change, its line in the journal and its e-mail are written together or not at all."""

    @wraps(view)
    def act(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return act


def entrance(view: View, reason: str) -> View:
    return public(reason)(whole(view))


def own(view: View) -> View:
    return signed_in("one's own account, whatever one acts as")(whole(view))


class LoginView(account.LoginView):
    template_name = "signin/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A demonstration also shows its fictional accounts."""
        demo = {"accounts": DEMO_ACCOUNTS, "password": DEMO_PASSWORD} if settings.DENTELLE_DEMO else None
        following = self.request.POST.get("next") or self.request.GET.get("next", "")
        return super().get_context_data(**kwargs) | {"demo": demo, "next": following}


class RecoveryCodesView(TemplateView):
    """The codes that remain. allauth's own view notes, on opening, that they were seen: ours writes nothing."""

    template_name = "signin/recovery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = get_object_or_404(Authenticator, user_id=self.request.user.pk, type=Authenticator.Type.RECOVERY_CODES)
        return super().get_context_data(**kwargs) | {"unused_codes": held.wrap().get_unused_codes()}


class AccountView(mfa.IndexView):
    """One's own account: how one signs in, where one is signed in, when one is written to."""

    template_name = "signin/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, session = self.request.user, self.request.session.session_key
        return super().get_context_data(**kwargs) | {
            "sessions": open_sessions(user, this=session, at=timezone.now()),
            "digest_days": [label for number, label in DAYS if number in days_of(user)],
        }


NOT_YET = "nobody is known before signing in"
LOST = "whoever lost their password cannot sign in; the answer is the same whether the account exists or not"

login = entrance(LoginView.as_view(), NOT_YET)
second_factor = entrance(
    mfa.AuthenticateView.as_view(template_name="signin/second_factor.html"),
    "second step of signing in: who holds the password is not signed in yet",
)
login_with_key = entrance(keys.LoginWebAuthnView.as_view(), "signing in with a passkey instead of a password")
reset = entrance(account.PasswordResetView.as_view(template_name="signin/reset.html"), LOST)
reset_sent = entrance(account.PasswordResetDoneView.as_view(template_name="signin/reset_sent.html"), LOST)
reset_choose = entrance(
    account.PasswordResetFromKeyView.as_view(template_name="signin/reset_choose.html"),
    "the key received by e-mail is the proof; opening the page uses nothing up, choosing a password does",
)
reset_done = entrance(account.PasswordResetFromKeyDoneView.as_view(template_name="signin/reset_done.html"), LOST)

confirm_password = own(account.ReauthenticateView.as_view(template_name="signin/confirm.html"))
confirm_code = own(mfa.ReauthenticateView.as_view(template_name="signin/confirm.html"))
confirm_key = own(keys.ReauthenticateWebAuthnView.as_view(template_name="signin/confirm_key.html"))
overview = own(AccountView.as_view())
address = own(account.EmailView.as_view(template_name="signin/address.html"))
address_code = own(account.ConfirmEmailVerificationCodeView.as_view(template_name="signin/address_code.html"))
password = own(account.PasswordChangeView.as_view(template_name="signin/password.html"))
password_first = own(account.PasswordSetView.as_view(template_name="signin/password.html"))
app_on = own(totp.ActivateTOTPView.as_view(template_name="signin/app_on.html"))
app_off = own(totp.DeactivateTOTPView.as_view(template_name="signin/app_off.html"))
recovery = own(reauthentication_required(app="allauth.mfa")(RecoveryCodesView.as_view()))
recovery_new = own(codes.GenerateRecoveryCodesView.as_view(template_name="signin/recovery_new.html"))
key_list = own(keys.ListWebAuthnView.as_view(template_name="signin/keys.html"))
key_add = own(keys.AddWebAuthnView.as_view(template_name="signin/key_add.html"))
key_rename = own(keys.EditWebAuthnView.as_view(template_name="signin/key_rename.html"))
key_remove = own(keys.RemoveWebAuthnView.as_view(template_name="signin/key_remove.html"))


@public("leaving must work even when the session has already ended")
@require_POST
def logout(request: HttpRequest) -> HttpResponseBase:
    """Ends the session, and a sign-in left half way."""
    return account.logout(request)


@signed_in("one's own account, whatever one acts as")
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Signs the person out of every other browser."""
    ended = end_other_sessions(request.user, keep=request.session.session_key, at=timezone.now())  # type: ignore[arg-type]
    sentence = "Aucun autre navigateur n’était connecté." if not ended else f"Sessions fermées ailleurs : {ended}."
    messages.success(request, sentence)
    return redirect("mfa_index")
