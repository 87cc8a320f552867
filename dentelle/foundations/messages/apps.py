from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "dentelle.foundations.messages"
    label = "mail"  # « messages » is the label of django.contrib.messages
    verbose_name = "courriels"
