from django.apps import AppConfig


class SentFormsConfig(AppConfig):
    name = "dentelle.foundations.sent_forms"
    label = "sent_forms"
    verbose_name = "formulaires envoyés"
