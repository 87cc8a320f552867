from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "dentelle.thread.publications"
    label = "publications"
    verbose_name = "publications"

    def ready(self) -> None:
        from dentelle.thread.contracts.sections import Section, register
        from dentelle.thread.publications.sheet import section_of

        register(Section("publications", 10, "publications/_section.html", section_of))
