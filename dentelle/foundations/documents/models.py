import uuid

from django.conf import settings
from django.db import models

from dentelle.foundations.organisations.models import Network, Structure


class FileState(models.TextChoices):
    QUARANTINED = "quarantined", "en quarantaine"
    AVAILABLE = "available", "disponible"
    PURGED = "purged", "supprimé"


class Scan(models.TextChoices):
    NOT_SCANNED = "not_scanned", "non analysé"
    CLEAN = "clean", "analysé, rien trouvé"
    INFECTED = "infected", "refusé par l’antivirus"


class StoredFile(models.Model):
    """One file kept for a structure, or for the head of a network. The row outlives the bytes: once purged, the name and the hash still say what it was."""

    uuid = models.UUIDField("identifiant", primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="réseau")
    name = models.CharField("nom", max_length=200)
    media_type = models.CharField("type", max_length=100)
    size = models.BigIntegerField("taille en octets")
    sha256 = models.CharField("empreinte", max_length=64)
    path = models.CharField("emplacement", max_length=100, unique=True)  # relative to MEDIA_ROOT, random
    state = models.CharField("état", max_length=20, choices=FileState.choices)
    scan = models.CharField("antivirus", max_length=20, choices=Scan.choices, default=Scan.NOT_SCANNED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="déposé par"
    )
    created_at = models.DateTimeField("déposé le")
    # All of a structure's data in one file: for its managers only, and never inside another export.
    is_takeout = models.BooleanField("export de toute la structure", default=False)
    purge_after = models.DateTimeField("à supprimer après", null=True)

    class Meta:
        verbose_name = "fichier"
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=FileState.values), name="stored_file_state_known"),
            models.CheckConstraint(
                condition=models.Q(structure__isnull=False, network=None)
                | models.Q(structure=None, network__isnull=False),
                name="stored_file_of_a_structure_or_a_network",
            ),
            models.CheckConstraint(condition=models.Q(size__gte=0), name="stored_file_size_not_negative"),
            models.CheckConstraint(
                condition=~models.Q(scan=Scan.INFECTED, state=FileState.AVAILABLE), name="infected_file_never_available"
            ),
        ]
        indexes = [models.Index(fields=["purge_after"], name="stored_file_purge", condition=~models.Q(state="purged"))]

    def __str__(self) -> str:
        return self.name
