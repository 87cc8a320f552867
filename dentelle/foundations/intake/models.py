from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.directory.models import Organisation, Seat
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.jobs.models import Job
from dentelle.foundations.organisations.models import Structure


class DropStatus(models.TextChoices):
    RECEIVED = "received", "à lire"
    READY = "ready", "à vérifier"
    WRITING = "writing", "en cours d’écriture"
    WRITTEN = "written", "écrit"
    REFUSED = "refused", "illisible"
    ABANDONED = "abandoned", "abandonné"


class LineAct(models.TextChoices):
    """What writing a line would do."""

    CREATE = "create", "nouvelle"
    UPDATE = "update", "modifiée"
    UNCHANGED = "unchanged", "inchangée"
    REFUSED = "refused", "à corriger"


class Drop(models.Model):
    """One file given for a purpose. ``organisation`` is whose file it is: a buyer's plan, None for the structure's own.

    ``seat`` is set when somebody of that organisation dropped it. ``mapping`` ties a field's name to a column (from 0) and
    says why (a ``columns.Match``, or « chosen »). ``counts`` is the dry run: how many lines for each ``LineAct``.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    purpose = models.CharField("destination", max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisation d’origine"
    )
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="accès du déposant"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="fichier")
    options = models.JSONField("précisions", default=dict)
    status = models.CharField("état", max_length=10, choices=DropStatus, default=DropStatus.RECEIVED)
    failure = models.CharField("ce qui n’a pas pu être lu", max_length=500, blank=True)
    sheet = models.CharField("feuille", max_length=200, blank=True)
    header_number = models.PositiveIntegerField("ligne des titres", default=0)
    titles = models.JSONField("titres", default=list)
    mapping = models.JSONField("colonnes reconnues", default=dict)
    line_count = models.PositiveIntegerField("lignes", default=0)
    counts = models.JSONField("répétition générale", default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="travail")
    leads_to = models.CharField("où cela mène", max_length=200, blank=True)
    created_at = models.DateTimeField("déposé le")
    written_at = models.DateTimeField("écrit le", null=True)

    class Meta:
        verbose_name = "dépôt"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["structure", "-created_at", "-id"], name="drop_latest"),
            models.Index(fields=["organisation", "-created_at", "-id"], name="drop_by_organisation"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=DropStatus.values), name="drop_status_known"),
            models.CheckConstraint(
                condition=~Q(status=DropStatus.WRITTEN) | Q(written_at__isnull=False), name="written_drop_says_when"
            ),
            models.CheckConstraint(
                condition=Q(seat=None) | Q(organisation__isnull=False), name="drop_of_a_seat_names_its_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} ({self.get_status_display()})"


class DropLine(models.Model):
    """One line of the file as it was read, and what the dry run says of it."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="lines", verbose_name="dépôt")
    number = models.PositiveIntegerField("numéro dans le fichier")
    cells = models.JSONField("cases")
    act = models.CharField("ce qui sera fait", max_length=10, choices=LineAct)
    # what is wrong, as [field, column or null, French message]; what an update changes, as labels
    problems = models.JSONField("défauts", default=list)
    changes = models.JSONField("ce qui change", default=list)

    class Meta:
        verbose_name = "ligne de dépôt"
        verbose_name_plural = "lignes de dépôt"
        ordering = ["drop", "number"]
        indexes = [models.Index(fields=["drop", "act", "number"], name="drop_line_by_act")]
        constraints = [
            models.UniqueConstraint(fields=["drop", "number"], name="one_drop_line_per_number"),
            models.CheckConstraint(condition=Q(act__in=LineAct.values), name="line_act_known"),
        ]

    def __str__(self) -> str:
        return f"ligne {self.number}"


class Correction(models.Model):
    """What a person wrote in the grid in place of a cell; the file itself never changes. Empty text: the value is unknown."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="corrections", verbose_name="dépôt")
    number = models.PositiveIntegerField("ligne")
    column = models.PositiveIntegerField("colonne")
    text = models.TextField("texte", max_length=5000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="corrigé par"
    )
    at = models.DateTimeField("corrigé le")

    class Meta:
        verbose_name = "correction"
        ordering = ["drop", "number", "column"]
        constraints = [
            models.UniqueConstraint(fields=["drop", "number", "column"], name="one_correction_per_cell"),
        ]

    def __str__(self) -> str:
        return f"ligne {self.number}, colonne {self.column + 1}"


class RememberedMapping(models.Model):
    """Which title meant which field last time, for one sender: ``titles`` ties a field's name to a folded title ("": none)."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    purpose = models.CharField("destination", max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="organisation d’origine"
    )
    titles = models.JSONField("titres")
    updated_at = models.DateTimeField("retenue le")

    class Meta:
        verbose_name = "correspondance retenue"
        verbose_name_plural = "correspondances retenues"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "purpose", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_mapping_per_sender",
            ),
            models.UniqueConstraint(
                fields=["structure", "purpose"],
                condition=Q(organisation=None),
                name="one_mapping_of_the_structure_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} · {self.organisation or self.structure}"
