from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from dentelle.foundations.accounts.forms import LoginForm
from dentelle.foundations.doors import public


@public("nobody is known before logging in")
def login(request: HttpRequest) -> HttpResponseBase:
    """The login page; a demonstration also shows its fictional accounts."""
    demo = {"accounts": DEMO_ACCOUNTS, "password": DEMO_PASSWORD} if settings.DENTELLE_DEMO else None
    return auth_views.LoginView.as_view(
        authentication_form=LoginForm,
        template_name="accounts/login.html",
        redirect_authenticated_user=True,
        extra_context={"demo": demo},
    )(request)


@public("leaving must work even when the session has already ended")
def logout(request: HttpRequest) -> HttpResponseBase:
    """Ends the session (POST only)."""
    return auth_views.LogoutView.as_view()(request)
