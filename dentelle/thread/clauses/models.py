from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.organisations.models import Structure


class CalibrationStatus(models.TextChoices):
    DRAFT = "draft", "brouillon"
    SAVED = "saved", "enregistré"


class CalibrationMethod(models.TextChoices):
    AMOUNT = "amount", "au montant"
    LOTS = "lots", "par lots"
    TRANCHES = "tranches", "par tranches"
    HOURS_WORKED = "hours_worked", "aux heures de production"
    POSTS = "posts", "aux postes"
    STAFF_TRANSFER = "staff_transfer", "avec reprise de personnel"
    ORDERS = "orders", "accord-cadre à commandes"
    TRAINING_GRID = "training_grid", "grille de la clause de formation"


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    def latest_first(self) -> "CalibrationQuerySet":
        return self.order_by("-updated_at", "-pk")


class Calibration(models.Model):
    """What was asked, what the parameters were that day, and the hours they give: enough to recompute without today's law."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="calibrations")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="modifié par"
    )
    # The author stays; whoever follows it changes when a portfolio is handed over.
    in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="suivi par"
    )
    title = models.CharField("intitulé", max_length=200)
    buyer_label = models.CharField("acheteur", max_length=200, blank=True)
    subject = models.TextField("objet", max_length=1000, blank=True)
    contract_key = models.CharField("clé du marché d’origine", max_length=200, blank=True)
    status = models.CharField("état", max_length=10, choices=CalibrationStatus)
    method = models.CharField("méthode", max_length=20, choices=CalibrationMethod)
    hours = models.PositiveIntegerField("heures", null=True)
    inputs = models.JSONField("saisie", default=dict)
    parameters = models.JSONField("valeurs des paramètres", default=list)
    result = models.JSONField("résultat", default=dict)
    digest = models.CharField("empreinte", max_length=64, blank=True)
    computed_on = models.DateField("calculé avec les paramètres du", null=True)
    # A copy made to go further keeps the family (the first calibration's id) and takes the next edition.
    family = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="editions", verbose_name="première version"
    )
    edition = models.PositiveSmallIntegerField("version", default=1)
    # Optimistic lock: +1 at each save; a save made from an older revision is refused.
    revision = models.PositiveIntegerField("révision", default=1)
    search_text = models.TextField("texte de recherche", blank=True)
    created_at = models.DateTimeField("créé le")
    updated_at = models.DateTimeField("modifié le")

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        verbose_name = "calibrage"
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["structure", "-updated_at", "-id"], name="calibration_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CalibrationStatus.values), name="calibration_status_known"),
            models.CheckConstraint(condition=Q(method__in=CalibrationMethod.values), name="calibration_method_known"),
            models.CheckConstraint(
                condition=Q(status=CalibrationStatus.DRAFT)
                | (~Q(digest="") & Q(hours__isnull=False) & Q(computed_on__isnull=False)),
                name="saved_calibration_has_a_result",
            ),
            models.UniqueConstraint(
                fields=["family", "edition"], condition=Q(family__isnull=False), name="one_calibration_per_edition"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CalibrationOverride(models.Model):
    """A coefficient replaced by the structure: its value, who decided and why. Free text lives here, never in the journal."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+")
    calibration = models.ForeignKey(
        Calibration, on_delete=models.CASCADE, related_name="overrides", verbose_name="calibrage"
    )
    path = models.CharField("paramètre", max_length=120)
    value = models.DecimalField("valeur retenue", max_digits=16, decimal_places=6)
    replaced_value = models.DecimalField("valeur remplacée", max_digits=16, decimal_places=6, null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    reason = models.TextField("motif", max_length=500)
    decided_at = models.DateTimeField("décidé le")

    class Meta:
        verbose_name = "coefficient modifié"
        verbose_name_plural = "coefficients modifiés"
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["calibration", "path"], name="one_override_per_coefficient"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.path} = {self.value}"


class CalibrationShare(models.Model):
    """A read-only link to one calibration. Only a hash of its token is kept: the link itself cannot be found again."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+")
    calibration = models.ForeignKey(
        Calibration, on_delete=models.CASCADE, related_name="shares", verbose_name="calibrage"
    )
    token_hash = models.CharField("empreinte du lien", max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="créé par"
    )
    created_at = models.DateTimeField("créé le")
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("révoqué le", null=True)

    class Meta:
        verbose_name = "lien de partage"
        verbose_name_plural = "liens de partage"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="share_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"lien du {self.created_at:%d/%m/%Y}"
