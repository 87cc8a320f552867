from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "dentelle.foundations.directory"
    label = "directory"
    verbose_name = "annuaire"
