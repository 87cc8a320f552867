from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "dentelle.thread.purchases"
    label = "purchases"
    verbose_name = "achats"

    def ready(self) -> None:
        from dentelle.thread.purchases import tasks  # noqa: F401 (declares the background work of this room)
