from django.db import models
from django.db.models import Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models.contract import Contract


class PoolingKey(models.TextChoices):
    """How hours done on one site are shared between the contracts."""

    DUE = "due", "au prorata des heures dues"
    STATED = "stated", "parts fixées par la convention"


class PoolingAgreement(models.Model):
    """One company, several clauses: hours done anywhere count for all, by a written key (*convention de globalisation*)."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="entreprise")
    title = models.CharField("intitulé", max_length=200)
    key = models.CharField("clé de répartition", max_length=10, choices=PoolingKey, default=PoolingKey.DUE)
    signed_on = models.DateField("signée le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    created_at = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "convention de globalisation"
        verbose_name_plural = "conventions de globalisation"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(key__in=PoolingKey.values), name="pooling_key_known"),
        ]

    def __str__(self) -> str:
        return self.title


class PooledContract(models.Model):
    """A contract in an agreement. Its hours join the pool only once its buyer has consented in writing."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    agreement = models.ForeignKey(
        PoolingAgreement, on_delete=models.CASCADE, related_name="pooled", verbose_name="convention"
    )
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="pooled", verbose_name="contrat")
    consented_on = models.DateField("accord écrit de l’acheteur le", null=True, blank=True)
    consent_reference = models.CharField("référence de l’accord", max_length=200, blank=True)
    stated_weight = models.PositiveIntegerField("part fixée", null=True, blank=True)

    class Meta:
        verbose_name = "contrat globalisé"
        verbose_name_plural = "contrats globalisés"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "contract"], name="contract_once_per_agreement"),
            models.CheckConstraint(
                condition=Q(consented_on__isnull=True) | ~Q(consent_reference=""), name="consent_has_a_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} dans {self.agreement}"
