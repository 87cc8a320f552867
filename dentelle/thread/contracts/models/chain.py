from django.db import models
from django.db.models import F, Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models.contract import Contract


class Lot(models.Model):
    """A lot of the contract. A contract without lots has none."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="lots", verbose_name="contrat")
    number = models.CharField("numéro", max_length=20)
    title = models.CharField("intitulé", max_length=200, blank=True)

    class Meta:
        verbose_name = "lot"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="one_lot_per_number")]

    def __str__(self) -> str:
        return f"Lot {self.number} {self.title}".strip()


class HolderRole(models.TextChoices):
    SINGLE = "single", "titulaire"
    LEAD = "lead", "mandataire du groupement"
    JOINT = "joint", "cotraitant"


class Holder(models.Model):
    """A company that signed: alone, as lead of a group, or as a member of it."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="holders", verbose_name="contrat")
    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, null=True, blank=True, related_name="holders", verbose_name="lot"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="entreprise"
    )
    role = models.CharField("rôle", max_length=10, choices=HolderRole, default=HolderRole.SINGLE)
    # The part of the hours a member of a group answers for; empty: the group answers together.
    due_minutes = models.PositiveBigIntegerField("heures à sa charge (minutes)", null=True, blank=True)

    class Meta:
        verbose_name = "titulaire"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=HolderRole.values), name="holder_role_known"),
            models.UniqueConstraint(
                fields=["contract", "lot", "organisation"], condition=Q(lot__isnull=False), name="one_holder_per_lot"
            ),
            models.UniqueConstraint(
                fields=["contract", "organisation"], condition=Q(lot__isnull=True), name="one_holder_per_contract"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Subcontract(models.Model):
    """Work handed down, at any depth. The clause follows the work: ``due_minutes`` is the part passed down."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    holder = models.ForeignKey(
        Holder, on_delete=models.CASCADE, related_name="subcontracts", verbose_name="titulaire d’origine"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children", verbose_name="sous-traité par"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="sous-traitant"
    )
    subject = models.CharField("prestation", max_length=300, blank=True)
    due_minutes = models.PositiveBigIntegerField("heures transmises (minutes)", default=0)
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)

    class Meta:
        verbose_name = "sous-traitance"
        verbose_name_plural = "sous-traitances"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="subcontract_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
