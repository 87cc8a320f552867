from django.apps import AppConfig


class TourConfig(AppConfig):
    name = "dentelle.network.tour"
    label = "tour"
    verbose_name = "Tour des régions"
