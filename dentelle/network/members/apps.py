from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "dentelle.network.members"
    label = "members"
    verbose_name = "membres du réseau"
