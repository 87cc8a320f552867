from django.apps import AppConfig


class StructuresConfig(AppConfig):
    name = "dentelle.foundations.structures"
    label = "structures"
    verbose_name = "structures"
