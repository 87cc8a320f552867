from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Structure
from dentelle.rules.thresholds import ContractKind
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.contracts.states import ContractState
from dentelle.thread.plans.models import PlanLine

KINDS = {
    ContractKind.WORKS.value: "travaux",
    ContractKind.SUPPLIES.value: "fournitures",
    ContractKind.SERVICES.value: "services",
    ContractKind.CONCESSION.value: "concession",
}


class Programme(models.TextChoices):
    """Public programme an operation belongs to; some carry their own share of hours."""

    NONE = "none", "aucun programme"
    NPNRU = "npnru", "NPNRU (renouvellement urbain)"
    GUP = "gup", "gestion urbaine de proximité"
    OTHER = "other", "autre programme"


class Operation(models.Model):
    """A site or project that gathers contracts: an NPNRU operation, a school rebuilt, a district heating network."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    name = models.CharField("nom", max_length=200)
    programme = models.CharField("programme", max_length=10, choices=Programme, default=Programme.NONE)
    programme_name = models.CharField("nom du programme", max_length=200, blank=True)
    # codes of priority neighbourhoods as text ("QP044003" or "QN04403M"), with the vintage in the code itself
    neighbourhoods = models.JSONField("quartiers prioritaires", default=list, blank=True)
    site = models.CharField("lieu", max_length=300, blank=True)
    created_at = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "opération"
        verbose_name_plural = "opérations"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(programme__in=Programme.values), name="operation_programme_known"),
            models.UniqueConstraint(fields=["structure", "name"], name="one_operation_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ContractQuerySet(models.QuerySet["Contract"]):
    def latest_first(self) -> "ContractQuerySet":
        return self.order_by("-updated_at", "-pk")


class Contract(models.Model):
    """A public contract (or a private one under convention) that carries, or will carry, a social clause."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure cheffe de file"
    )
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name="opération"
    )
    buyer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="acheteur"
    )
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suivi par",
    )
    title = models.CharField("intitulé", max_length=200)
    number = models.CharField("numéro", max_length=60, blank=True)
    subject = models.TextField("objet", max_length=2000, blank=True)
    cpv = models.CharField("code CPV", max_length=10, blank=True)
    kind = models.CharField("nature", max_length=12, choices=KINDS, blank=True)
    procedure = models.CharField("procédure", max_length=100, blank=True)
    ccag = models.CharField("CCAG visé", max_length=20, blank=True)
    is_framework = models.BooleanField("accord-cadre", default=False)
    amount_cents = models.BigIntegerField("montant HT (centimes)", null=True, blank=True)
    launched_on = models.DateField("consultation lancée le", null=True, blank=True)
    notified_on = models.DateField("notifié le", null=True, blank=True)
    starts_on = models.DateField("exécution du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    state = models.CharField("état", max_length=20, choices=ContractState.choices, default=ContractState.DRAFT.value)
    state_since = models.DateTimeField("dans cet état depuis")
    state_reason = models.TextField("motif du dernier changement d’état", max_length=1000, blank=True)
    # Where it came from, so that nothing is asked twice.
    calibration = models.ForeignKey(
        Calibration, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="calibrage"
    )
    plan_line = models.ForeignKey(
        PlanLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="achat programmé"
    )
    renewal_key = models.CharField("contrat d’origine dans les données ouvertes", max_length=200, blank=True)
    # Until hours are declared here, a contract closes on totals somebody states, with their source.
    # One total for each counter: hours of different natures are never added up.
    stated_insertion_minutes = models.PositiveBigIntegerField("heures d’insertion constatées (minutes)", null=True)
    stated_internship_minutes = models.PositiveBigIntegerField("heures de stage constatées (minutes)", null=True)
    stated_protected_minutes = models.PositiveBigIntegerField(
        "heures du secteur protégé constatées (minutes)", null=True
    )
    stated_source = models.CharField("source du total", max_length=300, blank=True)
    stated_on = models.DateField("total constaté le", null=True, blank=True)
    closed_on = models.DateField("clos le", null=True, blank=True)
    # Optimistic lock: +1 at each change; a change made from an older revision is refused.
    revision = models.PositiveIntegerField("révision", default=1)
    created_at = models.DateTimeField("créé le")
    updated_at = models.DateTimeField("modifié le")

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["structure", "-updated_at", "-id"], name="contract_latest"),
            models.Index(fields=["structure", "state", "-updated_at", "-id"], name="contract_by_state"),
            # wide enough for the portfolio to be summed without opening a contract
            models.Index(fields=["structure", "facilitator", "state", "id"], name="contract_portfolio"),
            models.Index(fields=["buyer", "-updated_at", "-id"], name="contract_by_buyer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ContractState.values), name="contract_state_known"),
            models.CheckConstraint(condition=Q(kind__in=["", *KINDS]), name="contract_kind_known"),
            models.CheckConstraint(
                condition=Q(amount_cents__isnull=True) | Q(amount_cents__gt=0), name="amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ContractState.CLOSED_MET, ContractState.CLOSED_PARTIAL])
                | (~Q(stated_source="") & Q(closed_on__isnull=False)),
                name="closed_contract_states_its_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Association(models.Model):
    """Another structure that follows part of the contract: it sees its share; the hours stay counted once, by the lead."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure associée"
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="associations", verbose_name="contrat"
    )
    due_minutes = models.PositiveBigIntegerField("part suivie (minutes)")
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "structure associée"
        verbose_name_plural = "structures associées"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "structure"], name="one_association_per_structure"),
        ]

    def __str__(self) -> str:
        return f"{self.structure} · {self.contract}"
