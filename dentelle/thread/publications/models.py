from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models import Contract
from dentelle.thread.publications.matching import Reason

REASONS = {each.value: each.label for each in Reason}


class PublicationState(models.TextChoices):
    PROPOSED = "proposed", "à confirmer"
    MATCHED = "matched", "rapprochée"


class Publication(models.Model):
    """The published award taken for a contract: at most one, settled by its number or by a person, else proposed."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.OneToOneField(
        Contract, on_delete=models.CASCADE, related_name="publication", verbose_name="contrat"
    )
    state = models.CharField("état", max_length=10, choices=PublicationState)
    reason = models.CharField("raison du rapprochement", max_length=20, choices=REASONS)
    contract_key = models.CharField("clé dans les données ouvertes", max_length=40)
    score = models.PositiveSmallIntegerField("poids des faits concordants")
    # {fact: true | false | null}: on which facts both sides agree, disagree, or one does not say
    evidence = models.JSONField("faits comparés", default=dict)
    # what the award said when it was last read: number, object, holder, dates, amount, how many lots
    published = models.JSONField("ce qui est publié", default=dict)
    # false: the award says nothing of social considerations, so there is nothing to compare the promise with
    is_stated = models.BooleanField("considération dite")
    clause = models.BooleanField("clause sociale publiée")
    criterion = models.BooleanField("critère social publié")
    reserved = models.BooleanField("réservation publiée")
    seen_at = models.DateTimeField("lue pour la dernière fois le")
    is_gone = models.BooleanField("absente des données chargées", default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="confirmée par",
    )
    decided_at = models.DateTimeField("confirmée le", null=True, blank=True)

    class Meta:
        verbose_name = "publication"
        ordering = ["pk"]
        indexes = [models.Index(fields=["structure", "state"], name="publication_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PublicationState.values), name="publication_state_known"),
            models.CheckConstraint(condition=Q(reason__in=list(REASONS)), name="publication_reason_known"),
            models.CheckConstraint(condition=~Q(contract_key=""), name="publication_has_a_key"),
            models.CheckConstraint(
                condition=~Q(state=PublicationState.MATCHED)
                | Q(reason=Reason.NUMBER.value)
                | Q(decided_at__isnull=False),
                name="inexact_publication_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"Publication de {self.contract}"


class RefusedMatch(models.Model):
    """An award a person said is not this contract: never proposed again."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="refused_matches", verbose_name="contrat"
    )
    contract_key = models.CharField("clé dans les données ouvertes", max_length=40)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="refusée par"
    )
    refused_at = models.DateTimeField("refusée le")

    class Meta:
        verbose_name = "rapprochement refusé"
        verbose_name_plural = "rapprochements refusés"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contract", "contract_key"], name="match_refused_once")]

    def __str__(self) -> str:
        return f"{self.contract}, {self.contract_key}"
