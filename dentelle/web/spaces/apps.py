from django.apps import AppConfig


class SpacesConfig(AppConfig):
    name = "dentelle.web.spaces"
    label = "spaces"
    verbose_name = "espaces des partenaires"

    def ready(self) -> None:
        from dentelle.foundations.invitations.purposes import Purpose, declare
        from dentelle.thread.contracts.access import title_behind
        from dentelle.thread.contracts.actions.links import PURPOSE

        declare(Purpose(PURPOSE, "spaces:received", title_behind))
