from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from dentelle.foundations.organisations.models import Structure
from dentelle.rules.levers import lever as lever_of
from dentelle.rules.levers import levers
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.rules.penalties import PenaltyMode
from dentelle.thread.contracts.models.chain import Lot
from dentelle.thread.contracts.models.contract import Contract
from dentelle.thread.contracts.publics import public_labels

CLAUSE_TYPES = {each.code.value: each.label for each in levers()}


class HoursBase(models.TextChoices):
    """Which hours count toward the obligation."""

    WORKED = "worked", "heures travaillées"
    PAID = "paid", "heures payées"
    INVOICED = "invoiced", "heures facturées"


class Tranche(models.TextChoices):
    FIRM = "firm", "tranche ferme"
    OPTIONAL = "optional", "tranche optionnelle"


class PenaltyForm(models.TextChoices):
    NONE = PenaltyMode.NONE.value, "aucune pénalité prévue"
    EUR_PER_HOUR = PenaltyMode.EUR_PER_HOUR.value, "euros par heure non faite"
    MINIMUM_WAGE_MULTIPLE = PenaltyMode.MINIMUM_WAGE_MULTIPLE.value, "multiple du SMIC horaire"
    FLAT = PenaltyMode.FLAT.value, "somme forfaitaire"


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def with_amended(self) -> "ObligationQuerySet":
        """Add ``amended_minutes``, what its amendments come to: volumes then need no query of amendments."""
        return self.annotate(amended_minutes=Coalesce(Sum("amendments__minutes_change"), 0))


class Obligation(models.Model):
    """What is owed: a type of clause, minutes, for whom, by when, and what a shortfall costs. One type, one counter."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="obligations", verbose_name="contrat")
    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, null=True, blank=True, related_name="obligations", verbose_name="lot"
    )
    clause_type = models.CharField(
        "type de clause", max_length=30, choices=CLAUSE_TYPES, default=LeverCode.EXECUTION_CONDITION.value
    )
    due_minutes = models.PositiveBigIntegerField("volume dû (minutes)")
    base = models.CharField("heures retenues", max_length=10, choices=HoursBase, default=HoursBase.WORKED)
    publics = models.JSONField("publics éligibles", default=list, blank=True)
    neighbourhood_share = models.DecimalField(
        "part réservée aux habitants des QPV", max_digits=5, decimal_places=4, null=True, blank=True
    )
    training_share = models.DecimalField(
        "part de formation admise", max_digits=5, decimal_places=4, null=True, blank=True
    )
    tranche = models.CharField("tranche", max_length=10, choices=Tranche, default=Tranche.FIRM)
    tranche_number = models.PositiveSmallIntegerField("numéro de tranche", null=True, blank=True)
    affirmed_on = models.DateField("tranche affermie le", null=True, blank=True)
    deadline_on = models.DateField("échéance", null=True, blank=True)
    penalty_mode = models.CharField("pénalité", max_length=25, choices=PenaltyForm, default=PenaltyForm.NONE)
    penalty_value = models.DecimalField("valeur", max_digits=10, decimal_places=2, null=True, blank=True)
    penalty_cap_share = models.DecimalField(
        "plafond en part du montant", max_digits=5, decimal_places=4, null=True, blank=True
    )
    formal_notice_days = models.PositiveSmallIntegerField("mise en demeure (jours)", null=True, blank=True)
    document_penalty_cents = models.PositiveIntegerField(
        "pénalité par jour de retard d’un document (centimes)", null=True, blank=True
    )
    waiver_allowed = models.BooleanField("exonération possible", default=True)
    created_at = models.DateTimeField("créée le")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "obligation"
        ordering = ["pk"]
        indexes = [
            # wide enough for what a portfolio owes to be summed without opening an obligation
            models.Index(
                fields=["structure", "contract", "tranche", "affirmed_on", "clause_type", "due_minutes", "id"],
                name="obligation_portfolio",
            ),
            models.Index(
                fields=["structure", "deadline_on"], name="obligation_deadline", condition=Q(deadline_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(clause_type__in=list(CLAUSE_TYPES)), name="clause_type_known"),
            models.CheckConstraint(condition=Q(base__in=HoursBase.values), name="hours_base_known"),
            models.CheckConstraint(condition=Q(tranche__in=Tranche.values), name="tranche_known"),
            models.CheckConstraint(condition=Q(penalty_mode__in=PenaltyForm.values), name="penalty_mode_known"),
            models.CheckConstraint(
                condition=Q(penalty_mode=PenaltyForm.NONE) | Q(penalty_value__isnull=False),
                name="penalty_has_a_value",
            ),
            models.CheckConstraint(
                condition=Q(neighbourhood_share__isnull=True)
                | Q(neighbourhood_share__gte=Decimal(0), neighbourhood_share__lte=Decimal(1)),
                name="neighbourhood_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(training_share__isnull=True)
                | Q(training_share__gte=Decimal(0), training_share__lte=Decimal(1)),
                name="training_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(affirmed_on__isnull=True) | Q(tranche=Tranche.OPTIONAL), name="only_optional_is_affirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"{CLAUSE_TYPES[self.clause_type]}, {self.due_minutes // 60} h"

    @property
    def counts(self) -> LeverCounts:
        """What its hours are: insertion, internship, protected sector, or nothing. Never added to one another."""
        return lever_of(self.clause_type).counts

    @property
    def public_labels(self) -> tuple[str, ...]:
        """Whom it is for, in words; empty for the people the CCAG names."""
        return public_labels(self.publics)

    @property
    def is_owed(self) -> bool:
        """Say whether the volume is owed now: an optional part is owed once affirmed."""
        return self.tranche == Tranche.FIRM or self.affirmed_on is not None
