from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "dentelle.foundations.tokens"
    label = "tokens"
    verbose_name = "jetons d’accès"
