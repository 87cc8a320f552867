from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "dentelle.web"
    label = "web"
    verbose_name = "site"

    def ready(self) -> None:
        from dentelle.web.api.scopes import declare

        declare()
