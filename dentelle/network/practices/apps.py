from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "dentelle.network.practices"
    label = "practices"
    verbose_name = "pratiques"

    def ready(self) -> None:
        from dentelle.foundations.intake.targets import register as register_target
        from dentelle.foundations.invitations.purposes import Purpose, declare
        from dentelle.network.practices.agreeing import PURPOSE, title_of_link
        from dentelle.network.practices.panel import on_calibration, on_contract
        from dentelle.network.practices.target import PracticeTarget
        from dentelle.thread.clauses import sections as clauses
        from dentelle.thread.contracts import sections as contracts

        register_target(PracticeTarget())
        declare(Purpose(PURPOSE, "practices:by-link", title_of_link))
        template = "practices/_section.html"
        contracts.register(contracts.Section("practices", 90, template, on_contract))
        clauses.register(clauses.Section("practices", 90, template, on_calibration))
