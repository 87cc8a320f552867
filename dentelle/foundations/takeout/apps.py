from django.apps import AppConfig


class TakeoutConfig(AppConfig):
    name = "dentelle.foundations.takeout"
    label = "takeout"
    verbose_name = "export d’une structure"
