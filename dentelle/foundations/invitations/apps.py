from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    name = "dentelle.foundations.invitations"
    label = "invitations"
    verbose_name = "invitations"
