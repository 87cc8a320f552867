from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "dentelle.thread.papers"
    label = "papers"
    verbose_name = "pièces"

    def ready(self) -> None:
        from dentelle.thread.contracts.sections import Section, register
        from dentelle.thread.papers.queries import section_of

        register(Section("papers", 20, "papers/_section.html", section_of))
