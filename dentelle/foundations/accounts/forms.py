from django import forms
from django.contrib.auth.forms import AuthenticationForm


class LoginForm(AuthenticationForm):
    """E-mail and password; the same words whatever is wrong, so that nobody learns which accounts exist."""

    username = forms.EmailField(
        label="Adresse électronique",
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "Adresse ou mot de passe non reconnus. Vérifiez l’adresse, puis les majuscules du mot de passe.",
        "inactive": "Adresse ou mot de passe non reconnus. Vérifiez l’adresse, puis les majuscules du mot de passe.",
    }
