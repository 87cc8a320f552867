from django.conf import settings
from django.db import models

from dentelle.foundations.organisations.models import Network, Structure


class Entry(models.Model):
    """One act. Append-only (migration 0002 installs the triggers)."""

    at = models.DateTimeField("le")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    # set when nobody acted for a structure: what the head of a network does to what is the network's
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="réseau")
    act = models.CharField("acte", max_length=60)  # « calibration.saved »: noun of the object, past participle
    object_type = models.CharField("objet", max_length=60)
    object_id = models.CharField("clé", max_length=60)
    facts = models.JSONField("faits", default=dict)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id", "id"], name="journal_by_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.object_type} {self.object_id}"
