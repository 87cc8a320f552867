from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.papers.catalogue import PAPERS

KINDS = {each.code: each.label for each in PAPERS}


class PaperTemplate(models.Model):
    """A version of a structure's own template of a paper. Never edited: a change is the next version."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    paper = models.CharField("pièce", max_length=30, choices=KINDS)
    version = models.PositiveIntegerField("version")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="fichier")
    # [name, place] of each variable nothing declares, as seen when it was sent
    unknown = models.JSONField("variables inconnues", default=list, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    created_at = models.DateTimeField("déposé le")

    class Meta:
        verbose_name = "modèle de pièce"
        verbose_name_plural = "modèles de pièce"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "paper", "version"], name="paper_template_version_once"),
            models.CheckConstraint(condition=Q(paper__in=list(KINDS)), name="paper_template_kind_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="paper_template_from_one"),
        ]

    def __str__(self) -> str:
        return f"{KINDS[self.paper]}, version {self.version}"


class TemplateInForce(models.Model):
    """Which template a structure uses for a paper; ``template`` None: the one shipped with Dentelle, come back to."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    paper = models.CharField("pièce", max_length=30, choices=KINDS)
    template = models.ForeignKey(
        PaperTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="modèle"
    )
    since = models.DateTimeField("depuis le")

    class Meta:
        verbose_name = "modèle en service"
        verbose_name_plural = "modèles en service"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "paper"], name="one_template_in_force_per_paper"),
            models.CheckConstraint(condition=Q(paper__in=list(KINDS)), name="template_in_force_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{KINDS[self.paper]} : {self.template or 'modèle fourni'}"
