from django.apps import AppConfig


class ClausesConfig(AppConfig):
    name = "dentelle.thread.clauses"
    label = "clauses"
    verbose_name = "calibrages"
