from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "dentelle.network.agreements"
    label = "agreements"
    verbose_name = "conventions"

    def ready(self) -> None:
        from dentelle.network.agreements import merging  # noqa: F401 (it registers)
