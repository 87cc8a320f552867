from django.conf import settings
from django.db import models

from dentelle.foundations.organisations.models import Structure


class Territory(models.Model):
    """A set of communes a structure saved under a name. What it holds is said by its versions; the last one counts."""

    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="territories", verbose_name="structure"
    )
    name = models.CharField("nom", max_length=120)
    current_number = models.PositiveIntegerField("version en vigueur", default=1)
    is_default = models.BooleanField("territoire de la structure", default=False)
    created_at = models.DateTimeField("créé le")

    class Meta:
        verbose_name = "territoire"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "name"], name="territory_name_once_per_structure"),
            models.UniqueConstraint(
                fields=["structure"], condition=models.Q(is_default=True), name="one_default_territory_per_structure"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TerritoryVersion(models.Model):
    """What a territory held from a day on. Never changed: a revision is a new version, with its reason."""

    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, related_name="versions", verbose_name="territoire"
    )
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+", verbose_name="structure")
    number = models.PositiveIntegerField("numéro")
    kind = models.CharField("genre", max_length=20)
    spec = models.TextField("composition")  # « epci:243500139+commune:35024 »: what it was made of
    communes = models.JSONField("communes")  # sorted codes, as they were at this vintage
    vintage = models.CharField("millésime", max_length=40)
    population = models.PositiveIntegerField("population", null=True)
    reason = models.TextField("motif", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    created_at = models.DateTimeField("le")

    class Meta:
        verbose_name = "version de territoire"
        verbose_name_plural = "versions de territoire"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["territory", "number"], name="territory_version_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="territory_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.territory}, version {self.number}"
