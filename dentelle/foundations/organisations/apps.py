from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class OrganisationsConfig(AppConfig):
    name = "dentelle.foundations.organisations"
    label = "organisations"
    verbose_name = "organisations"

    def ready(self) -> None:
        from dentelle.foundations.organisations.middleware import choose_at_login

        user_logged_in.connect(choose_at_login, dispatch_uid="organisations.choose_at_login")
