from django.apps import AppConfig


class ClausesConfig(AppConfig):
    name = "dentelle.thread.clauses"
    label = "clauses"
    verbose_name = "calibrages"

    def ready(self) -> None:
        from dentelle.foundations.invitations.purposes import Purpose, declare
        from dentelle.thread.clauses.access import title_behind

        declare(Purpose("calibration", "clauses:received", title_behind))
