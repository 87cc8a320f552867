from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Structure
from dentelle.rules.levers import levers
from dentelle.rules.thresholds import BuyerKind, ContractKind

# « fournitures courantes et services » is one family for the thresholds, and says nothing of which of the two it is
SUPPLIES_OR_SERVICES = "supplies_services"
LINE_KINDS = {
    ContractKind.WORKS.value: "travaux",
    ContractKind.SERVICES.value: "services",
    ContractKind.SUPPLIES.value: "fournitures",
    SUPPLIES_OR_SERVICES: "fournitures et services",
    ContractKind.CONCESSION.value: "concession",
}
REQUIRED = {"yes": "obligatoire", "no": "non obligatoire", "to_check": "à vérifier"}
LEVERS = {each.code.value: each.label for each in levers()}
# why a line has no hours
NO_HOURS = {
    "no_amount": "montant inconnu",
    "annual_only": "montant annuel seul, durée inconnue",
    "no_trade": "métier inconnu",
    "several_trades": "plusieurs métiers possibles : à choisir",
    "supply": "achat de fournitures : le travail se fait chez le fabricant",
    "no_share": "aucune part de main-d’œuvre connue pour ce CPV",
}
NEVER = "9999-99"  # sorts after every month


def calling_on(day: date) -> Q:
    """Say which purchases call for somebody on a day: their month has come, their launch has not, no contract follows them."""
    ahead = Q(launched_on=None) | Q(launched_on__gte=day)
    return ahead & Q(act_month__lte=f"{day:%Y-%m}", followed_at=None, required__in=("yes", "to_check"))


class PurchasePlan(models.Model):
    """What a buyer foresees for a year, as a structure follows it. ``priced_on`` is the day its figures were computed."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="acheteur")
    year = models.PositiveSmallIntegerField("année")
    buyer_kind = models.CharField(
        "nature de l’acheteur", max_length=10, choices=[(kind.value, kind.label) for kind in BuyerKind], blank=True
    )
    buyer_kind_why = models.CharField("d’où vient cette nature", max_length=200, blank=True)
    # titles of the buyer's own columns, in the order of the last file that had them
    titles = models.JSONField("titres de l’acheteur", default=list)
    last_drop = models.BigIntegerField("dernier dépôt", null=True)
    priced_on = models.DateField("calculée au")
    created_at = models.DateTimeField("créée le")
    updated_at = models.DateTimeField("modifiée le")

    class Meta:
        verbose_name = "programmation d’achats"
        verbose_name_plural = "programmations d’achats"
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["structure", "-updated_at", "-id"], name="plan_latest"),
            models.Index(fields=["buyer", "-year"], name="plan_by_buyer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["structure", "buyer", "year"], name="one_plan_per_buyer_and_year"),
            models.CheckConstraint(
                condition=Q(buyer_kind__in=["", *(kind.value for kind in BuyerKind)]), name="plan_buyer_kind_known"
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2099), name="plan_year_likely"),
        ]

    def __str__(self) -> str:
        return f"{self.buyer}, {self.year}"


class PlanLine(models.Model):
    """One purchase foreseen: what the buyer wrote, then what follows from it. Unknown is None or empty, never zero.

    ``own`` holds the buyer's cells under their titles, corrections included. ``chosen_trade`` was chosen by a person;
    ``trade`` is the one computed with. Hours are a range, as everywhere: low, central, high.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    plan = models.ForeignKey(PurchasePlan, on_delete=models.CASCADE, related_name="lines", verbose_name="programmation")
    rank = models.PositiveIntegerField("rang dans le fichier")
    reference = models.CharField("référence", max_length=80, blank=True)
    lot = models.CharField("lot", max_length=80, blank=True)
    subject = models.TextField("objet", max_length=2000)
    # which of the lines of the same object it is, from 1: what finds a line without reference again
    occurrence = models.PositiveIntegerField("occurrence", default=1)
    kind = models.CharField("nature", max_length=20, choices=LINE_KINDS, blank=True)
    cpv = models.CharField("code CPV", max_length=12, blank=True)
    segment = models.CharField("famille d’achat", max_length=200, blank=True)
    amount_cents = models.BigIntegerField("montant estimé HT (centimes)", null=True)
    annual_cents = models.BigIntegerField("montant annuel HT (centimes)", null=True)
    duration_months = models.PositiveIntegerField("durée (mois)", null=True)
    launched_on = models.DateField("lancement prévu", null=True)
    starts_on = models.DateField("début prévu", null=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    service = models.CharField("service", max_length=200, blank=True)
    procedure = models.CharField("procédure", max_length=200, blank=True)
    social = models.CharField("clause déjà prévue", max_length=200, blank=True)
    own = models.JSONField("cases de l’acheteur", default=dict)
    drop = models.BigIntegerField("dernier dépôt où elle figure")
    chosen_trade = models.CharField("métier choisi", max_length=60, blank=True)
    trade = models.CharField("métier retenu", max_length=60, blank=True)
    trade_basis = models.CharField("d’où vient le métier", max_length=10, blank=True)  # chosen | cpv | words
    contract_kind = models.CharField("nature retenue", max_length=20, blank=True)
    total_cents = models.BigIntegerField("montant retenu (centimes)", null=True)
    judged_on = models.DateField("jugée au", null=True)
    required = models.CharField("condition sociale", max_length=10, choices=REQUIRED)
    hours_low = models.PositiveBigIntegerField("heures, bas", null=True)
    hours_central = models.PositiveBigIntegerField("heures", null=True)
    hours_high = models.PositiveBigIntegerField("heures, haut", null=True)
    no_hours = models.CharField("pourquoi sans heures", max_length=20, choices=NO_HOURS, blank=True)
    lever = models.CharField("levier", max_length=30, choices=LEVERS, blank=True)
    prepare_from = models.DateField("à préparer dès", null=True)
    act_month = models.CharField("mois d’action", max_length=7, default=NEVER)
    search_text = models.TextField("texte cherché", blank=True)
    followed_at = models.DateTimeField("suivie comme marché depuis", null=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="modifiée par"
    )

    class Meta:
        verbose_name = "achat programmé"
        verbose_name_plural = "achats programmés"
        ordering = ["plan", "act_month", "pk"]
        indexes = [
            models.Index(fields=["plan", "act_month", "id"], name="plan_line_by_month"),
            models.Index(fields=["plan", "required", "act_month", "id"], name="plan_line_by_obligation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "reference", "lot"], condition=~Q(reference=""), name="one_line_per_reference_and_lot"
            ),
            models.CheckConstraint(condition=Q(required__in=REQUIRED), name="plan_line_required_known"),
            models.CheckConstraint(
                condition=Q(hours_central__isnull=True) | Q(no_hours=""), name="hours_or_why_there_are_none"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__isnull=True) | Q(amount_cents__gt=0), name="plan_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def calls_on(self, day: date) -> bool:
        """Say of one purchase what ``calling_on`` asks of all."""
        ahead = self.launched_on is None or self.launched_on >= day
        return ahead and self.act_month <= f"{day:%Y-%m}" and self.required != "no" and self.followed_at is None
