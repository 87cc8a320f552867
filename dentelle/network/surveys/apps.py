from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "dentelle.network.surveys"
    label = "surveys"
    verbose_name = "enquêtes"

    def ready(self) -> None:
        from dentelle.foundations.invitations.purposes import Purpose, declare
        from dentelle.network.surveys.access import PURPOSE, title_of_link

        declare(Purpose(PURPOSE, "surveys:by-link", title_of_link))
