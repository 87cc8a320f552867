from django.apps import AppConfig


class TourConfig(AppConfig):
    name = "dentelle.network.tour"
    label = "tour"
    verbose_name = "tour des régions"

    def ready(self) -> None:
        from dentelle.network.practices.models import Origin
        from dentelle.network.practices.origins import register
        from dentelle.network.tour.origin import came_from

        register(Origin.FINDING, came_from)
