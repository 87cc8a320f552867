from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models.chain import Holder
from dentelle.thread.contracts.models.contract import Contract
from dentelle.thread.contracts.models.obligation import Obligation


class FrameworkOrder(models.Model):
    """An order of a framework agreement; it adds its minutes to one obligation."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    obligation = models.ForeignKey(
        Obligation, on_delete=models.CASCADE, related_name="orders", verbose_name="obligation"
    )
    holder = models.ForeignKey(
        Holder, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="titulaire"
    )
    number = models.CharField("numéro de bon", max_length=60)
    ordered_on = models.DateField("commandé le")
    amount_cents = models.BigIntegerField("montant HT (centimes)", null=True, blank=True)
    # Unknown until the facilitator has sized it: a task of the day, never a silent zero.
    added_minutes = models.PositiveBigIntegerField("heures ajoutées (minutes)", null=True, blank=True)

    class Meta:
        verbose_name = "bon de commande"
        verbose_name_plural = "bons de commande"
        ordering = ["ordered_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["obligation", "number"], name="one_order_per_number")]

    def __str__(self) -> str:
        return f"Bon {self.number}"


class Amendment(models.Model):
    """A dated, reasoned change of what is owed or of the end date. The contract keeps every one of them."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="amendments", verbose_name="contrat")
    obligation = models.ForeignKey(
        Obligation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name="obligation",
    )
    decided_on = models.DateField("décidé le")
    minutes_change = models.BigIntegerField("heures ajoutées ou retirées (minutes)", default=0)
    new_end_on = models.DateField("nouvelle fin d’exécution", null=True, blank=True)
    former_end_on = models.DateField("fin d’exécution précédente", null=True, blank=True)
    reason = models.TextField("motif", max_length=1000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="saisi par"
    )
    created_at = models.DateTimeField("saisi le")

    class Meta:
        verbose_name = "avenant"
        ordering = ["decided_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_a_reason"),
            models.CheckConstraint(
                condition=Q(minutes_change=0) | Q(obligation__isnull=False), name="amended_minutes_have_an_obligation"
            ),
        ]

    def __str__(self) -> str:
        return f"Avenant du {self.decided_on:%d/%m/%Y}"

    @property
    def size(self) -> int:
        """Minutes moved, whichever the direction."""
        return abs(self.minutes_change)


class ExchangeKind(models.TextChoices):
    QUESTION = "question", "question d’un candidat"
    REQUEST = "request", "question d’un titulaire ou de l’acheteur"
    MEETING = "meeting", "réunion"
    DECISION = "decision", "décision"
    NOTE = "note", "note"


# what somebody waits an answer to: a bidder's question is answered to all, another one to whoever asked
ASKED = (ExchangeKind.QUESTION.value, ExchangeKind.REQUEST.value)


class Sharing(models.TextChoices):
    """Who reads an exchange beside the structure that leads the contract."""

    INNER = "inner", "la structure seule"
    BUYER = "buyer", "la structure et l’acheteur"
    HOLDER = "holder", "la structure et les titulaires"
    BOTH = "both", "la structure, l’acheteur et les titulaires"


class Exchange(models.Model):
    """What was said on a contract: a bidder's question and the one answer given to all, a meeting, a decision.

    Written by somebody of the structure (``author``), or asked from outside: ``asked_by`` is then the organisation, which
    always reads what it asked, whatever ``sharing`` says.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="exchanges", verbose_name="contrat")
    kind = models.CharField("nature", max_length=10, choices=ExchangeKind)
    sharing = models.CharField("lu par", max_length=10, choices=Sharing, default=Sharing.INNER)
    happened_on = models.DateField("le")
    text = models.TextField("texte", max_length=5000)
    answer = models.TextField("réponse", max_length=5000, blank=True)
    answered_on = models.DateField("répondu le", null=True, blank=True)
    attachment = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pièce jointe"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisi par",
    )
    asked_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="posée par"
    )
    asked_by_name = models.CharField("posée par (personne)", max_length=150, blank=True)
    created_at = models.DateTimeField("saisi le")

    class Meta:
        verbose_name = "échange"
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ExchangeKind.values), name="exchange_kind_known"),
            models.CheckConstraint(condition=Q(sharing__in=Sharing.values), name="exchange_sharing_known"),
            models.CheckConstraint(condition=~Q(text=""), name="exchange_has_a_text"),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(asked_by__isnull=False), name="exchange_comes_from_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.happened_on:%d/%m/%Y}"

    @property
    def awaits_answer(self) -> bool:
        """Say whether somebody asked and nobody answered."""
        return self.kind in ASKED and self.answered_on is None


class ExchangeNotice(models.Model):
    """Who was told of an exchange, by which means, and when: equal treatment of bidders is proved by it."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="notices", verbose_name="échange")
    recipient = models.CharField("destinataire", max_length=200)
    told_on = models.DateField("informé le")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="saisi par"
    )
    created_at = models.DateTimeField("saisi le")

    class Meta:
        verbose_name = "information donnée"
        verbose_name_plural = "informations données"
        ordering = ["told_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["exchange", "recipient"], name="recipient_told_once"),
            models.CheckConstraint(condition=~Q(recipient=""), name="notice_has_a_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, le {self.told_on:%d/%m/%Y}"
