from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "dentelle.network.library"
    label = "library"
    verbose_name = "bibliothèque du réseau"
