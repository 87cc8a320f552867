from django.apps import AppConfig


class TourConfig(AppConfig):
    name = "dentelle.network.tour"
    label = "tour"
    verbose_name = "tour des régions"

    def ready(self) -> None:
        from dentelle.network.practices.models import Origin
        from dentelle.network.practices.origins import Stages, register
        from dentelle.network.tour import mentioned
        from dentelle.network.tour.origin import came_from, names_of, stage_of

        register(Origin.FINDING, came_from, Stages(stage_of, names_of))
        mentioned.tell()
