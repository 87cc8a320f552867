from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "dentelle.network.agreements"
    label = "agreements"
    verbose_name = "conventions"
