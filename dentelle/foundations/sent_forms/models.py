from django.conf import settings
from django.db import models

from dentelle.foundations.organisations.models import Structure


class SentForm(models.Model):
    """A form that acted, and where its answer led. Kept a few days: long enough for a second click or a page sent again."""

    # none for a form sent at the head of a network, or for an outside organisation
    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="structure"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="personne"
    )
    fingerprint = models.CharField("empreinte", max_length=64)
    location = models.CharField("adresse de la réponse", max_length=2500, blank=True)
    sent_at = models.DateTimeField("envoyé le")

    class Meta:
        verbose_name = "formulaire envoyé"
        verbose_name_plural = "formulaires envoyés"
        ordering = ["-sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "fingerprint"], name="form_acts_once_per_person")]
        indexes = [models.Index(fields=["sent_at"], name="sent_form_by_age")]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M} {self.location}"
