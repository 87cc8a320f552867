from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "dentelle.foundations.journal"
    label = "journal"
    verbose_name = "journal"

    def ready(self) -> None:
        # every app says its acts in plain French in its sentences.py
        autodiscover_modules("sentences")
