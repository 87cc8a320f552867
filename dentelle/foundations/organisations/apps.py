from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.module_loading import autodiscover_modules


class OrganisationsConfig(AppConfig):
    name = "dentelle.foundations.organisations"
    label = "organisations"
    verbose_name = "organisations"

    def ready(self) -> None:
        from dentelle.foundations.organisations.middleware import choose_at_login

        # an app above this one says what else a person may act as (hats.py), and what a handover moves (portfolio.py)
        autodiscover_modules("hats", "portfolio")
        user_logged_in.connect(choose_at_login, dispatch_uid="organisations.choose_at_login")
