from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "dentelle.foundations.journal"
    label = "journal"
    verbose_name = "journal"
