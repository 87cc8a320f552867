from datetime import date

from django.db import models
from django.db.models import Q

from dentelle.foundations.organisations.models import Structure
from dentelle.network.agreements.models.agreement import Agreement, AgreementAmendment, AgreementTheme, Article


class Outcome(models.TextChoices):
    UNDER_WAY = "under_way", "en cours"
    KEPT = "kept", "tenu"
    PARTLY = "partly", "tenu en partie"
    NOT_KEPT = "not_kept", "non tenu"


class Commitment(models.Model):
    """What the parties promise under an article, with who answers for it on each side.

    ``own_lead`` and ``partner_lead`` are a function or a service, and a name where people wish. ``lesson``: what works or not.
    ``outcome`` and ``lesson`` are those last stated; ``statements`` keeps them all.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="commitments", verbose_name="convention"
    )
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="commitments", verbose_name="article")
    theme = models.CharField("thème", max_length=12, choices=AgreementTheme, blank=True)
    text = models.TextField("engagement", max_length=1000)
    own_lead = models.CharField("porté par, réseau ou structure", max_length=150)
    partner_lead = models.CharField("porté par, partenaire", max_length=150)
    due_on = models.DateField("pour le", null=True)
    outcome = models.CharField("résultat", max_length=10, choices=Outcome, default=Outcome.UNDER_WAY)
    lesson = models.TextField("ce qui marche, ce qui ne marche pas", max_length=1000, blank=True)
    amendment = models.ForeignKey(
        AgreementAmendment, on_delete=models.PROTECT, null=True, related_name="commitments", verbose_name="par avenant"
    )

    class Meta:
        verbose_name = "engagement"
        ordering = ["article__rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="commitment_outcome_known"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(own_lead="") & ~Q(partner_lead=""),
                name="commitment_has_an_owner_on_each_side",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_due_after(self, last_day: date | None) -> bool:
        """Say whether it is due after a day, that on which its agreement ends."""
        return self.due_on is not None and last_day is not None and self.due_on > last_day

    @property
    def is_due_after_end(self) -> bool:
        """Whether it is due once its agreement is over."""
        return self.is_due_after(self.agreement.last_day)


class OutcomeStatement(models.Model):
    """What a commitment had become on a day, as somebody said: the review of a year reads the last one of that year."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="statements", verbose_name="engagement"
    )
    seen_on = models.DateField("constaté le")
    outcome = models.CharField("résultat", max_length=10, choices=Outcome)
    lesson = models.TextField("ce qui marche, ce qui ne marche pas", max_length=1000, blank=True)

    class Meta:
        verbose_name = "résultat constaté d’un engagement"
        verbose_name_plural = "résultats constatés des engagements"
        ordering = ["seen_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="stated_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.seen_on:%d/%m/%Y}"


class ActionSide(models.TextChoices):
    OWN = "own", "réseau ou structure"
    PARTNER = "partner", "partenaire"
    BOTH = "both", "ensemble"


class CommitmentAction(models.Model):
    """One thing to do for a commitment: by which side, for when, done when."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="actions", verbose_name="engagement"
    )
    side = models.CharField("qui", max_length=10, choices=ActionSide)
    what = models.CharField("quoi", max_length=300)
    due_on = models.DateField("pour le", null=True)
    done_on = models.DateField("fait le", null=True)
    added_on = models.DateField("prévue le", null=True)  # unknown for the oldest

    class Meta:
        verbose_name = "action d’un engagement"
        verbose_name_plural = "actions d’un engagement"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=ActionSide.values), name="action_side_known"),
            models.CheckConstraint(condition=~Q(what=""), name="action_says_what"),
        ]

    def __str__(self) -> str:
        return self.what


TAKEN_OUT = "taken_out_because"


class CommitteeKind(models.TextChoices):
    STEERING = "steering", "comité de pilotage"
    TECHNICAL = "technical", "comité technique"


class CommitteeMeeting(models.Model):
    """A meeting of the parties: who came, what was decided, when the next one is.

    ``former``: what was noted before each correction; the last one says why (``TAKEN_OUT``) when the meeting was taken out.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="meetings", verbose_name="convention"
    )
    kind = models.CharField("nature", max_length=10, choices=CommitteeKind)
    held_on = models.DateField("tenu le")
    agenda = models.TextField("ordre du jour", max_length=2000, blank=True)
    attendance = models.TextField("présents", max_length=2000, blank=True)
    decisions = models.TextField("décisions", max_length=4000, blank=True)
    next_on = models.DateField("prochaine réunion", null=True)
    former = models.JSONField("avant correction", default=list)

    class Meta:
        verbose_name = "réunion de comité"
        verbose_name_plural = "réunions de comité"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CommitteeKind.values), name="committee_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.held_on:%d/%m/%Y}"

    @property
    def taken_out(self) -> dict[str, str]:
        """When (``until``) and why it was taken out; empty while it counts."""
        last: dict[str, str] = self.former[-1] if self.former else {}
        return {"until": last["until"], "reason": last[TAKEN_OUT]} if TAKEN_OUT in last else {}
