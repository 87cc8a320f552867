from django.conf import settings
from django.db import models

WORKING_DAYS = "01234"  # Monday is 0


class DigestPreference(models.Model):
    """The days a person wants the daily e-mail. Who never chose has none of these, and gets it on working days."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="compte"
    )
    days = models.CharField("jours", max_length=7, blank=True, default=WORKING_DAYS)  # digits of weekday(), none: never
    changed_at = models.DateTimeField("choisi le")

    class Meta:
        verbose_name = "jours du récapitulatif"
        verbose_name_plural = "jours des récapitulatifs"

    def __str__(self) -> str:
        return f"{self.user} : {self.days or 'jamais'}"


class Digest(models.Model):
    """A person was looked after on a day, whether something had to be written or not: nobody is written to twice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="compte"
    )
    day = models.DateField("jour")
    lines = models.PositiveIntegerField("lignes", default=0)
    late = models.PositiveIntegerField("en retard", default=0)

    class Meta:
        verbose_name = "récapitulatif"
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_per_person_and_day")]

    def __str__(self) -> str:
        return f"{self.user} le {self.day:%d/%m/%Y}"
