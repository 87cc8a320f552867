from django.conf import settings
from django.db import models


class Network(models.Model):
    """The head that gathers structures (a national or regional network)."""

    name = models.CharField("nom", max_length=200, unique=True)

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"

    def __str__(self) -> str:
        return self.name


class Structure(models.Model):
    """A member of the network: the tenant. Every owned row of the site carries its id."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="structures", verbose_name="réseau")
    name = models.CharField("nom", max_length=200)
    slug = models.SlugField("identifiant court", unique=True)

    class Meta:
        verbose_name = "structure"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    FACILITATOR = "facilitator", "facilitateur ou facilitatrice"
    MANAGER = "manager", "responsable"
    READER = "reader", "lecture seule"


class Membership(models.Model):
    """A person acts for a structure in one role."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name="compte"
    )
    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="memberships", verbose_name="structure"
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(fields=["user", "structure"], name="one_membership_per_person_and_structure"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.structure} ({self.get_role_display()})"
