from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Network(models.Model):
    """The head that gathers structures (a national or regional network)."""

    name = models.CharField("nom", max_length=200, unique=True)

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"

    def __str__(self) -> str:
        return self.name


class StructureKind(models.TextChoices):
    PLIE = "plie", "PLIE"
    MAISON_EMPLOI = "maison_emploi", "maison de l’emploi"
    EPCI = "epci", "intercommunalité (EPCI)"
    ASSOCIATION = "association", "association"
    OTHER = "other", "autre"


class StructureStatus(models.TextChoices):
    REQUESTED = "requested", "en attente d’agrément"
    APPROVED = "approved", "agréée"
    REFUSED = "refused", "refusée"
    CLOSED = "closed", "fermée"


class StructureQuerySet(models.QuerySet["Structure"]):
    def approved(self) -> "StructureQuerySet":
        return self.filter(status=StructureStatus.APPROVED)


class Structure(models.Model):
    """A member of the network: the tenant. Every owned row of the site carries its id.

    Until the network approves it, and once it is closed, nothing of it shows to anyone but the network and itself.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="structures", verbose_name="réseau")
    name = models.CharField("nom", max_length=200)
    slug = models.SlugField("identifiant court", unique=True)
    kind = models.CharField("nature", max_length=20, choices=StructureKind, default=StructureKind.OTHER)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    address = models.TextField("adresse", max_length=300, blank=True)
    email = models.EmailField("adresse électronique de la structure", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    status = models.CharField("état", max_length=10, choices=StructureStatus, default=StructureStatus.REQUESTED)
    # The words of the last refusal or closing, read by the structure itself; the journal says who and when.
    status_reason = models.TextField("motif", max_length=500, blank=True)
    approved_at = models.DateTimeField("agréée le", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="agréée par"
    )

    objects = StructureQuerySet.as_manager()

    class Meta:
        verbose_name = "structure"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["network", "status", "name"], name="structure_by_network")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StructureKind.values), name="structure_kind_known"),
            models.CheckConstraint(condition=Q(status__in=StructureStatus.values), name="structure_status_known"),
            models.CheckConstraint(
                condition=~Q(status=StructureStatus.APPROVED) | Q(approved_at__isnull=False),
                name="approved_structure_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_approved(self) -> bool:
        return self.status == StructureStatus.APPROVED


class DeviceKind(models.TextChoices):
    PLIE = "plie", "PLIE"
    MAISON_EMPLOI = "maison_emploi", "maison de l’emploi"
    SOCIAL_CLAUSE = "social_clause", "clause sociale"
    TRANSVERSE = "transverse", "transverse"


class Device(models.Model):
    """A service a structure runs, between two days; one structure may run several at once."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="devices", verbose_name="structure")
    kind = models.CharField("nature", max_length=20, choices=DeviceKind)
    name = models.CharField("nom", max_length=120)
    opened_on = models.DateField("ouvert le")
    closed_on = models.DateField("fermé le", null=True)

    class Meta:
        verbose_name = "dispositif"
        ordering = ["-opened_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "name"], name="device_name_once_per_structure"),
            models.CheckConstraint(condition=Q(kind__in=DeviceKind.values), name="device_kind_known"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="device_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CoverageQuerySet(models.QuerySet["Coverage"]):
    def in_force(self, on: date) -> "CoverageQuerySet":
        """The one version each structure covers its territory under on that day."""
        later = Coverage.objects.filter(
            structure=models.OuterRef("structure"), version__gt=models.OuterRef("version"), valid_from__lte=on
        )
        return self.filter(valid_from__lte=on).exclude(models.Exists(later))


class Coverage(models.Model):
    """The territory a structure covers from a day on. Never edited: a change is the next version, with its reason.

    ``places`` are texts ``KIND:CODE`` as the ground reads them (« epci:243500139 »).
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="coverages", verbose_name="structure"
    )
    version = models.PositiveIntegerField("version")
    valid_from = models.DateField("en vigueur le")
    places = models.JSONField("lieux")
    reason = models.TextField("motif", max_length=500, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="auteur"
    )
    created_at = models.DateTimeField("enregistrée le")

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire couvert"
        verbose_name_plural = "territoires couverts"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "version"], name="coverage_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="coverage_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.structure}, version {self.version}"


class Role(models.TextChoices):
    FACILITATOR = "facilitator", "facilitateur ou facilitatrice"
    PATHWAY_ADVISOR = "pathway_advisor", "référent ou référente de parcours"
    MANAGER = "manager", "responsable"
    READER = "reader", "lecture seule"
    ELECTED_OFFICIAL = "elected_official", "élu ou élue"
    AUDITOR = "auditor", "contrôle, audit"


# Whoever has one of these reads and never changes anything but their own preferences: the doors see to it.
READ_ONLY_ROLES = (Role.READER.value, Role.ELECTED_OFFICIAL.value, Role.AUDITOR.value)


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


class NetworkSeat(models.Model):
    """A person acts for the head of a network: approves structures, sees who covers what, nothing of their business."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="network_seats", verbose_name="compte"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="seats", verbose_name="réseau")

    class Meta:
        verbose_name = "siège de tête de réseau"
        verbose_name_plural = "sièges de tête de réseau"
        constraints = [models.UniqueConstraint(fields=["user", "network"], name="one_seat_per_person_and_network")]

    def __str__(self) -> str:
        return f"{self.user} · {self.network}"
