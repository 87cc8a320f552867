from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "dentelle.foundations.signin"
    label = "signin"
    verbose_name = "connexion"

    def ready(self) -> None:
        from dentelle.foundations.signin import receivers  # noqa: F401 (connects itself)
