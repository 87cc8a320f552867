from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Network, Structure


class Grant(models.TextChoices):
    MEMBER = "member", "une place dans la structure"
    SEAT = "seat", "un accès pour une organisation"
    NETWORK = "network", "un siège de tête de réseau"


class Invitation(models.Model):
    """An address invited to act for a structure, for an organisation the structure works with, or at the head of a network.

    ``role`` is one of ``organisations.Role`` for a place, of ``directory.SeatRole`` for a seat, empty at the head of a network.
    ``network`` is set when its head invites: to sit beside them, or to answer for a structure of the network.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="réseau")
    grant = models.CharField("donne", max_length=10, choices=Grant)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisation"
    )
    role = models.CharField("rôle", max_length=20, blank=True)
    email = models.EmailField("adresse électronique")  # lower case
    token_hash = models.CharField("empreinte", max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="invitée par"
    )
    created_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="acceptée par"
    )
    revoked_at = models.DateTimeField("retirée le", null=True)

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["structure", "created_at"], name="invitation_by_structure"),
            models.Index(fields=["network", "created_at"], name="invitation_by_network"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(grant__in=Grant.values), name="invitation_grant_known"),
            models.CheckConstraint(
                condition=Q(grant="seat", structure__isnull=False, organisation__isnull=False, network=None)
                | Q(grant="member", structure__isnull=False, organisation=None)
                | Q(grant="network", structure=None, organisation=None, network__isnull=False),
                name="invitation_names_what_it_gives",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked_not_both"
            ),
            models.UniqueConstraint(
                fields=["structure", "email", "role"],
                condition=Q(grant="member", accepted_at=None, revoked_at=None),
                name="one_waiting_invitation_to_a_structure",
            ),
            models.UniqueConstraint(
                fields=["structure", "email", "organisation", "role"],
                condition=Q(grant="seat", accepted_at=None, revoked_at=None),
                name="one_waiting_invitation_to_a_seat",
            ),
            models.UniqueConstraint(
                fields=["network", "email"],
                condition=Q(grant="network", accepted_at=None, revoked_at=None),
                name="one_waiting_invitation_to_a_network",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation de {self.email}"

    @property
    def house(self) -> str:
        """Return who invites, by name: the structure, or the network when its head does."""
        return str(self.network or self.structure)

    @property
    def place(self) -> str:
        """Return whom one would act for: the organisation, the structure or the network."""
        return str(self.organisation or self.structure or self.network)

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


class MagicLink(models.Model):
    """A link that opens one thing of a structure, or of the head of a network, to one address, without account.

    ``expires_at``: the link in the e-mail no longer opens after it. ``open_until``: the structure gives access until then;
    meanwhile the address may ask for another link (``origin`` is the first one). ``used_at``: a link opens once.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="réseau")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisation"
    )
    purpose = models.CharField("usage", max_length=40)
    subject_type = models.CharField("objet", max_length=60)
    subject_id = models.CharField("clé", max_length=60)
    email = models.EmailField("adresse électronique")  # lower case
    token_hash = models.CharField("empreinte", max_length=64, unique=True)
    origin = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="renewals", verbose_name="premier lien"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="envoyé par"
    )
    created_at = models.DateTimeField("envoyé le")
    expires_at = models.DateTimeField("expire le")
    open_until = models.DateTimeField("accès jusqu’au")
    used_at = models.DateTimeField("ouvert le", null=True)
    revoked_at = models.DateTimeField("fermé le", null=True)

    class Meta:
        verbose_name = "lien d’accès"
        verbose_name_plural = "liens d’accès"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="link_by_subject"),
            models.Index(fields=["email", "created_at"], name="link_by_address"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="link_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(open_until__gte=F("expires_at")), name="link_ends_before_the_access_it_gives"
            ),
            models.CheckConstraint(
                condition=Q(structure__isnull=False, network=None) | Q(structure=None, network__isnull=False),
                name="link_is_given_by_a_structure_or_a_network",
            ),
        ]

    def __str__(self) -> str:
        return f"lien {self.purpose} pour {self.email}"

    @property
    def first(self) -> "MagicLink":
        """The link the structure itself sent."""
        return self.origin or self

    @property
    def house(self) -> str:
        """Return who gives the access, by name."""
        return str(self.structure or self.network)
