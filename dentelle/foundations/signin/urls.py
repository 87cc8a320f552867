"""The only addresses of django-allauth that exist here, under the names it gives them."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("connexion/verification/", views.second_factor, name="mfa_authenticate"),
    path("connexion/cle/", views.login_with_key, name="mfa_login_webauthn"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("mot-de-passe/", views.reset, name="account_reset_password"),
    path("mot-de-passe/envoye/", views.reset_sent, name="account_reset_password_done"),
    path("mot-de-passe/change/", views.reset_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.reset_choose,
        name="account_reset_password_from_key",
    ),
    path("compte/", views.overview, name="mfa_index"),
    path("compte/confirmer/", views.confirm_password, name="account_reauthenticate"),
    path("compte/confirmer/code/", views.confirm_code, name="mfa_reauthenticate"),
    path("compte/confirmer/cle/", views.confirm_key, name="mfa_reauthenticate_webauthn"),
    path("compte/adresse/", views.address, name="account_email"),
    path("compte/adresse/code/", views.address_code, name="account_email_verification_sent"),
    path("compte/mot-de-passe/", views.password, name="account_change_password"),
    path("compte/mot-de-passe/choisir/", views.password_first, name="account_set_password"),
    path("compte/application/", views.app_on, name="mfa_activate_totp"),
    path("compte/application/retirer/", views.app_off, name="mfa_deactivate_totp"),
    path("compte/codes/", views.recovery, name="mfa_view_recovery_codes"),
    path("compte/codes/nouveaux/", views.recovery_new, name="mfa_generate_recovery_codes"),
    path("compte/cles/", views.key_list, name="mfa_list_webauthn"),
    path("compte/cles/ajouter/", views.key_add, name="mfa_add_webauthn"),
    path("compte/cles/<int:pk>/nom/", views.key_rename, name="mfa_edit_webauthn"),
    path("compte/cles/<int:pk>/retirer/", views.key_remove, name="mfa_remove_webauthn"),
    path("compte/sessions/fermer/", views.sessions_end, name="account_end_sessions"),
]
