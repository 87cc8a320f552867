from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dentelle.foundations.accounts"
    label = "accounts"
    verbose_name = "comptes"
