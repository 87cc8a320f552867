from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AwaitingConfig(AppConfig):
    name = "dentelle.foundations.awaiting"
    label = "awaiting"
    verbose_name = "ce qui attend"

    def ready(self) -> None:
        # every room says what it makes people wait for in its awaited.py
        autodiscover_modules("awaited")
