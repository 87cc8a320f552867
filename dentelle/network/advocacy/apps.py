from django.apps import AppConfig


class AdvocacyConfig(AppConfig):
    name = "dentelle.network.advocacy"
    label = "advocacy"
    verbose_name = "livre blanc"

    def ready(self) -> None:
        from dentelle.network.advocacy import mentioned

        mentioned.tell()
