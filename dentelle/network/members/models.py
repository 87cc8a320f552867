from django.conf import settings
from django.db import models

from dentelle.foundations.organisations.models import Network


class PublicDirectory(models.Model):
    """The network lets anyone read its list of members. No row: nobody outside does."""

    network = models.OneToOneField(Network, on_delete=models.CASCADE, related_name="+", verbose_name="réseau")
    words = models.TextField("présentation", max_length=1000, blank=True)
    opened_at = models.DateTimeField("ouverte le")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="ouverte par"
    )

    class Meta:
        verbose_name = "annuaire public"
        verbose_name_plural = "annuaires publics"

    def __str__(self) -> str:
        return f"annuaire public de {self.network}"
