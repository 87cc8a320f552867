from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "dentelle.foundations.intake"
    label = "intake"
    verbose_name = "dépôts de tableurs"
