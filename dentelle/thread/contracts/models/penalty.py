from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models.contract import Contract
from dentelle.thread.contracts.models.obligation import Obligation


class PenaltyOutcome(models.TextChoices):
    APPLIED = "applied", "pénalité appliquée"
    WAIVED = "waived", "pénalité non appliquée"


class PenaltyDecision(models.Model):
    """What the buyer decided of a penalty Dentelle had proposed. Only the buyer writes one; a later one replaces it."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="penalty_decisions", verbose_name="contrat"
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.CASCADE, related_name="penalty_decisions", verbose_name="obligation"
    )
    outcome = models.CharField("décision", max_length=10, choices=PenaltyOutcome)
    proposed_cents = models.PositiveBigIntegerField("montant proposé (centimes)")
    amount_cents = models.PositiveBigIntegerField("montant appliqué (centimes)")
    reason = models.TextField("motif", max_length=1000, blank=True)
    decided_on = models.DateField("décidé le")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="décidé par"
    )
    created_at = models.DateTimeField("saisi le")

    class Meta:
        verbose_name = "décision sur une pénalité"
        verbose_name_plural = "décisions sur des pénalités"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=PenaltyOutcome.values), name="penalty_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=PenaltyOutcome.APPLIED, amount_cents__gt=0)
                | Q(outcome=PenaltyOutcome.WAIVED, amount_cents=0),
                name="penalty_applied_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(outcome=PenaltyOutcome.APPLIED) | ~Q(reason=""), name="penalty_waived_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} le {self.decided_on:%d/%m/%Y}"
