from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.organisations.models import Structure


class Snooze(models.Model):
    """A line somebody put off: it stays away from their list, and from their e-mails, until a day. Theirs alone."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+", verbose_name="structure")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="compte"
    )
    key = models.CharField("ligne", max_length=80)
    since = models.DateField("remise le")
    until = models.DateField("jusqu’au")

    class Meta:
        verbose_name = "ligne remise à plus tard"
        verbose_name_plural = "lignes remises à plus tard"
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "user", "key"], name="one_snooze_per_line"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="snooze_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.key} jusqu’au {self.until:%d/%m/%Y}"
