from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "dentelle.thread.contracts"
    label = "contracts"
    verbose_name = "contrats"
