from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "dentelle.foundations.documents"
    label = "documents"
    verbose_name = "fichiers"
