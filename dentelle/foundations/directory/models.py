from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.directory.identifiers import shown
from dentelle.foundations.organisations.models import Structure


class Kind(models.TextChoices):
    """What an organisation does for us; one may be several at once, and change with time."""

    BUYER = "buyer", "acheteur"
    COMPANY = "company", "entreprise"
    SIAE_EI = "siae_ei", "entreprise d’insertion (EI)"
    SIAE_ACI = "siae_aci", "atelier et chantier d’insertion (ACI)"
    SIAE_AI = "siae_ai", "association intermédiaire (AI)"
    SIAE_ETTI = "siae_etti", "entreprise de travail temporaire d’insertion (ETTI)"
    GEIQ = "geiq", "GEIQ"
    EA = "ea", "entreprise adaptée (EA)"
    ESAT = "esat", "ESAT"
    TRAINING_BODY = "training_body", "organisme de formation"
    EMPLOYMENT_AGENCY = "employment_agency", "agence d’emploi"


class NameSource(models.TextChoices):
    SIRENE = "sirene", "base Sirene"
    GEOGRAPHIC_CODE = "cog", "code officiel géographique"
    DECP = "decp", "données essentielles de la commande publique"
    TYPED = "typed", "saisie"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def living(self) -> "OrganisationQuerySet":
        """Those that were not merged into another."""
        return self.filter(merged_into=None)

    def of_kind(self, *kinds: str) -> "OrganisationQuerySet":
        """Those that are one of ``kinds`` today or without known end."""
        return self.filter(
            pk__in=OrganisationKind.objects.filter(kind__in=kinds, valid_to=None).values("organisation_id")
        )


class Organisation(models.Model):
    """A legal establishment, shared by the whole installation. ``siret`` is empty while only the legal unit is known.

    A duplicate stays as a signpost: ``merged_into`` leads to the record that was kept.
    """

    siret = models.CharField("SIRET", max_length=14, blank=True)
    siren = models.CharField("SIREN", max_length=9, db_index=True)
    name = models.CharField("nom", max_length=250)
    # lower case ASCII words of the name: what lists are sorted by, the same on every database
    sort_name = models.CharField("nom de tri", max_length=250)
    legal_category = models.CharField("catégorie juridique", max_length=4, blank=True)
    commune_code = models.CharField("code commune", max_length=5, blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    name_source = models.CharField("source du nom", max_length=10, choices=NameSource)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", verbose_name="fusionnée dans"
    )
    # Optimistic lock: +1 at each change; a change made from an older revision is refused.
    revision = models.PositiveIntegerField("révision", default=1)
    created_at = models.DateTimeField("créée le")
    updated_at = models.DateTimeField("modifiée le")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="organisation_by_name"),
            models.Index(fields=["updated_at", "id"], name="organisation_by_change"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"], condition=~Q(siret="") & Q(merged_into=None), name="one_organisation_per_siret"
            ),
            models.UniqueConstraint(
                fields=["siren"],
                condition=Q(siret="", merged_into=None),
                name="one_organisation_without_establishment_per_siren",
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__startswith=F("siren")), name="siret_begins_with_the_siren"
            ),
            models.CheckConstraint(condition=~Q(siren="") & ~Q(name=""), name="organisation_has_a_siren_and_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="organisation_not_merged_into_itself"
            ),
            models.CheckConstraint(condition=Q(name_source__in=NameSource.values), name="name_source_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identifier(self) -> str:
        """The SIRET, else the SIREN: what identifies it on a line."""
        return self.siret or self.siren

    @property
    def identifier_shown(self) -> str:
        """The same by groups, as one reads it."""
        return shown(self.identifier)


class OrganisationKind(models.Model):
    """An organisation is of a kind between two days; ``valid_to`` None: until further notice."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="kinds", verbose_name="organisation"
    )
    kind = models.CharField("nature", max_length=20, choices=Kind)
    valid_from = models.DateField("depuis le", null=True)
    valid_to = models.DateField("jusqu’au", null=True)

    class Meta:
        verbose_name = "nature d’organisation"
        verbose_name_plural = "natures d’organisation"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"], condition=Q(valid_to=None), name="one_open_period_per_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="organisation_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="kind_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class SeatRole(models.TextChoices):
    BUYER = "buyer", "acheteur"
    COMPANY = "company", "entreprise"
    SIAE = "siae", "structure d’insertion"
    PARTNER = "partner", "partenaire d’une convention"


class SeatQuerySet(models.QuerySet["Seat"]):
    def open(self) -> "SeatQuerySet":
        """Those that still let somebody in."""
        return self.filter(closed_at=None)


class Seat(models.Model):
    """An outside person with an account acts for an organisation. A closed seat is kept: it says who could act, and until when."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats", verbose_name="compte"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="seats", verbose_name="organisation"
    )
    role = models.CharField("rôle", max_length=20, choices=SeatRole)
    opened_at = models.DateTimeField("ouvert le")
    closed_at = models.DateTimeField("fermé le", null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "siège"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(closed_at=None),
                name="one_open_seat_per_person_organisation_and_role",
            ),
            models.CheckConstraint(condition=Q(role__in=SeatRole.values), name="seat_role_known"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="seat_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} ({self.get_role_display()})"


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> "ContactQuerySet":
        """Those that have no end."""
        return self.filter(valid_to=None)


class Contact(models.Model):
    """A person a structure knows in an organisation. Never shown to another structure."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="contacts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contacts", verbose_name="organisation"
    )
    name = models.CharField("nom", max_length=150)
    function = models.CharField("fonction", max_length=150, blank=True)
    is_manager = models.BooleanField("responsable ou direction", default=False)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    valid_from = models.DateField("depuis le")
    valid_to = models.DateField("jusqu’au", null=True)
    revision = models.PositiveIntegerField("révision", default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        ordering = ["-is_manager", "name", "pk"]
        indexes = [models.Index(fields=["structure", "organisation"], name="contact_by_structure")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_a_name"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="contact_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def email(self) -> str:
        """The address to write to: open, and not known to bounce; empty when there is none. Prefetch ``emails`` in lists."""
        good = [row for row in self.emails.all() if row.valid_to is None and row.bounced_at is None]
        return good[-1].address if good else ""


class BounceKind(models.TextChoices):
    PERMANENT = "permanent", "définitif"
    TEMPORARY = "temporary", "temporaire"


class ContactEmail(models.Model):
    """One e-mail address of a contact, between two days, and whether it was said to bounce.

    ``bounced_at`` is set for a permanent failure only; a temporary one keeps its words and leaves the address in use.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails", verbose_name="contact")
    address = models.EmailField("adresse électronique")  # lower case
    valid_from = models.DateField("depuis le")
    valid_to = models.DateField("jusqu’au", null=True)
    bounced_at = models.DateTimeField("rebondit depuis", null=True)
    bounce_kind = models.CharField("sorte de rebond", max_length=10, choices=BounceKind, blank=True)
    bounce_status = models.CharField("code de l’avis", max_length=12, blank=True)  # RFC 3463: « 5.1.1 »
    bounce_reason = models.CharField("motif du rebond", max_length=300, blank=True)

    class Meta:
        verbose_name = "adresse d’un contact"
        verbose_name_plural = "adresses d’un contact"
        ordering = ["valid_from", "pk"]
        indexes = [models.Index(fields=["structure", "address"], name="contact_email_by_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "address"], condition=Q(valid_to=None), name="one_open_address_per_contact"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="address_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(bounce_kind="") | Q(bounce_kind__in=BounceKind.values), name="bounce_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.address
