from django.db import models
from django.db.models import Q

from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models.chain import Holder
from dentelle.thread.contracts.models.contract import Contract


class InsertionPlan(models.Model):
    """What holder and facilitator agree on at kick-off: a correspondent, who does what by when, hours month by month."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="plans", verbose_name="contrat")
    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="plans", verbose_name="titulaire")
    kickoff_on = models.DateField("réunion de démarrage le", null=True, blank=True)
    correspondent_name = models.CharField("correspondant du titulaire", max_length=150, blank=True)
    correspondent_role = models.CharField("fonction", max_length=150, blank=True)
    correspondent_email = models.EmailField("adresse électronique", blank=True)
    correspondent_phone = models.CharField("téléphone", max_length=30, blank=True)
    agreed_at = models.DateTimeField("arrêté le", null=True, blank=True)
    # The holder's own word on it; a plan changed by the structure awaits it again.
    confirmed_at = models.DateTimeField("confirmé par le titulaire le", null=True, blank=True)
    confirmed_by = models.CharField("confirmé par", max_length=150, blank=True)

    class Meta:
        verbose_name = "plan d’insertion"
        verbose_name_plural = "plans d’insertion"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["holder"], name="one_plan_per_holder")]

    def __str__(self) -> str:
        return f"Plan d’insertion de {self.holder}"


class PlannedAction(models.Model):
    """One line of the plan: who does what, by when."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    plan = models.ForeignKey(InsertionPlan, on_delete=models.CASCADE, related_name="actions", verbose_name="plan")
    who = models.CharField("qui", max_length=150)
    what = models.CharField("fait quoi", max_length=300)
    due_on = models.DateField("pour le", null=True, blank=True)
    done_on = models.DateField("fait le", null=True, blank=True)

    class Meta:
        verbose_name = "action prévue"
        verbose_name_plural = "actions prévues"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.what


class PlannedMonth(models.Model):
    """The minutes promised for one month; the pace is later compared with them."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    plan = models.ForeignKey(InsertionPlan, on_delete=models.CASCADE, related_name="months", verbose_name="plan")
    month = models.DateField("mois")  # the first day of the month
    minutes = models.PositiveBigIntegerField("heures prévues (minutes)")

    class Meta:
        verbose_name = "mois prévu"
        verbose_name_plural = "mois prévus"
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "month"], name="one_figure_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
