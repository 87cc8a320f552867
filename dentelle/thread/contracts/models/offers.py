from decimal import Decimal

from django.db import models
from django.db.models import Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models.chain import Lot
from dentelle.thread.contracts.models.contract import Contract


class AnalysisCriterion(models.Model):
    """One line of the grid by which the buyer reads the social part of the bids."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="criteria", verbose_name="contrat")
    position = models.PositiveSmallIntegerField("ordre")
    label = models.CharField("élément noté", max_length=200)
    points = models.PositiveSmallIntegerField("sur")

    class Meta:
        verbose_name = "élément d’analyse"
        verbose_name_plural = "éléments d’analyse"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="one_criterion_per_position"),
            models.CheckConstraint(condition=Q(points__gt=0), name="criterion_gives_points"),
        ]

    def __str__(self) -> str:
        return self.label


class Offer(models.Model):
    """A bid, as far as insertion goes: who, how many minutes offered, whether it was retained."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="offers", verbose_name="contrat")
    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, null=True, blank=True, related_name="offers", verbose_name="lot"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="candidat")
    offered_minutes = models.PositiveBigIntegerField("heures offertes (minutes)", null=True, blank=True)
    retained = models.BooleanField("retenue", default=False)

    class Meta:
        verbose_name = "offre"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "lot", "organisation"], condition=Q(lot__isnull=False), name="one_offer_per_lot"
            ),
            models.UniqueConstraint(
                fields=["contract", "organisation"], condition=Q(lot__isnull=True), name="one_offer_per_candidate"
            ),
        ]

    def __str__(self) -> str:
        return f"Offre de {self.organisation}"


class OfferScore(models.Model):
    """Points given to a bid for one line of the grid, with the remark that explains them."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="scores", verbose_name="offre")
    criterion = models.ForeignKey(
        AnalysisCriterion, on_delete=models.CASCADE, related_name="scores", verbose_name="élément"
    )
    points = models.DecimalField("points", max_digits=5, decimal_places=2)
    remark = models.TextField("appréciation", max_length=1000, blank=True)

    class Meta:
        verbose_name = "note d’une offre"
        verbose_name_plural = "notes des offres"
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=Q(points__gte=Decimal(0)), name="points_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.points} · {self.criterion}"
