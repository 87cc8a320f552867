from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "dentelle.thread.contracts"
    label = "contracts"
    verbose_name = "contrats"

    def ready(self) -> None:
        from dentelle.foundations.intake.targets import register
        from dentelle.thread.contracts.history import ContractHistoryTarget

        register(ContractHistoryTarget())
