from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "dentelle.network.governance"
    label = "governance"
    verbose_name = "gouvernance du réseau"
