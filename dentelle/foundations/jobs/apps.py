from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "dentelle.foundations.jobs"
    label = "jobs"
    verbose_name = "travaux"

    def ready(self) -> None:
        # every room declares its jobs (@job) and its duties (@every) in its tasks.py
        autodiscover_modules("tasks")
