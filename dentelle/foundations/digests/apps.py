from django.apps import AppConfig


class DigestsConfig(AppConfig):
    name = "dentelle.foundations.digests"
    label = "digests"
    verbose_name = "récapitulatifs"
