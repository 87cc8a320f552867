from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SigninConfig(AppConfig):
    name = "dentelle.foundations.signin"
    label = "signin"
    verbose_name = "connexion"

    def ready(self) -> None:
        from dentelle.foundations.signin import receivers  # noqa: F401 (connects itself)

        # a room says what it opens to visitors in its visited.py
        autodiscover_modules("visited")
