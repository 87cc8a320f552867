from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Structure


class Service(models.TextChoices):
    """What is done for people or for firms; each line of the map is one of these."""

    WELCOME = "welcome", "accueil et information"
    DIAGNOSIS = "diagnosis", "diagnostic et orientation"
    SUPPORT = "support", "accompagnement renforcé"
    TRAINING = "training", "accès à la formation"
    MOBILITY = "mobility", "aide à la mobilité"
    DIGITAL = "digital", "aide au numérique"
    BARRIERS = "barriers", "levée des autres freins"
    IMMERSION = "immersion", "immersion et découverte des métiers"
    EMPLOYERS = "employers", "appui aux entreprises qui recrutent"
    CLAUSE = "clause", "clause sociale"


class Public(models.TextChoices):
    ALL = "all", "tout public"
    LONG_TERM = "long_term", "demandeurs d’emploi de longue durée"
    MINIMUM_INCOME = "minimum_income", "allocataires du RSA"
    YOUNG = "young", "jeunes de moins de 26 ans"
    SENIOR = "senior", "seniors"
    DISABLED = "disabled", "personnes handicapées"
    NEIGHBOURHOOD = "neighbourhood", "habitants des quartiers prioritaires"
    FIRMS = "firms", "entreprises"


class ServiceLine(models.Model):
    """Somebody does something for somebody, somewhere: one line of « qui fait quoi », as a structure declares it.

    ``organisation`` None: the structure itself does it. ``places`` are texts ``KIND:CODE``.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="service_lines", verbose_name="structure"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisation"
    )
    service = models.CharField("service", max_length=12, choices=Service)
    public = models.CharField("public", max_length=15, choices=Public)
    places = models.JSONField("lieux", default=list)
    detail = models.CharField("précision", max_length=300, blank=True)
    declared_on = models.DateField("déclaré le")
    ended_on = models.DateField("terminé le", null=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="déclaré par"
    )

    class Meta:
        verbose_name = "ligne de « qui fait quoi »"
        verbose_name_plural = "lignes de « qui fait quoi »"
        ordering = ["service", "public", "pk"]
        indexes = [models.Index(fields=["structure", "service"], name="service_line_by_structure")]
        constraints = [
            models.CheckConstraint(condition=Q(service__in=Service.values), name="service_known"),
            models.CheckConstraint(condition=Q(public__in=Public.values), name="public_known"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("declared_on")),
                name="service_ends_after_it_was_declared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_service_display()}, {self.get_public_display()}"
