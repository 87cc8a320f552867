from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    name = "dentelle.foundations.search"
    label = "search"
    verbose_name = "recherche"

    def ready(self) -> None:
        # every app says what it lets people look for in its searched.py
        autodiscover_modules("searched")
