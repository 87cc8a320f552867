from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "dentelle.foundations.organisations"
    label = "organisations"
    verbose_name = "organisations"
