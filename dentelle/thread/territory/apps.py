from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "dentelle.thread.territory"
    label = "territory"
    verbose_name = "territoire"
