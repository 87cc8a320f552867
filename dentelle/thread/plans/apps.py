from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "dentelle.thread.plans"
    label = "plans"
    verbose_name = "programmations d’achats"

    def ready(self) -> None:
        from dentelle.foundations.intake.targets import register
        from dentelle.thread.plans.target import PurchasePlanTarget

        register(PurchasePlanTarget())
