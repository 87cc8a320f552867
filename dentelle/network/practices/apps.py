from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "dentelle.network.practices"
    label = "practices"
    verbose_name = "pratiques"

    def ready(self) -> None:
        from dentelle.foundations.intake.targets import register as register_target
        from dentelle.foundations.invitations.purposes import Purpose, declare
        from dentelle.network.practices.agreeing import PURPOSE, title_of_link
        from dentelle.network.practices.from_answers import came_from, sheets_of
        from dentelle.network.practices.models import Origin
        from dentelle.network.practices.origins import register as register_origin
        from dentelle.network.practices.panel import on_calibration, on_contract
        from dentelle.network.practices.target import PracticeTarget
        from dentelle.network.surveys.made import register as register_made
        from dentelle.thread.clauses import sections as clauses
        from dentelle.thread.contracts import sections as contracts

        register_target(PracticeTarget())
        register_origin(Origin.ANSWER, came_from)
        register_made(sheets_of)
        declare(Purpose(PURPOSE, "practices:by-link", title_of_link))
        template = "practices/_section.html"
        contracts.register(contracts.Section("practices", 90, template, on_contract))
        clauses.register(clauses.Section("practices", 90, template, on_calibration))
