from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from dentelle.foundations.organisations.models import Structure
from dentelle.network.agreements.models.commitment import Commitment
from dentelle.network.agreements.periods import PERIOD_WORDS, Frequency, Period
from dentelle.rules.wording import number


class Unit(models.TextChoices):
    PEOPLE = "people", "personnes"
    COUNT = "count", "nombre"
    HOURS = "hours", "heures"
    DAYS = "days", "jours"
    PERCENT = "percent", "%"


WHOLE = (Unit.PEOPLE, Unit.COUNT)


class TargetSpan(models.TextChoices):
    """What a target is the target of; empty: nobody said."""

    PERIOD = "period", "chaque relevé"
    YEAR = "year", "l’année entière"


class Indicator(models.Model):
    """How a commitment is measured: what is counted, by whom, from where, towards what.

    ``known``: the code of what Dentelle counts itself (``known.py``), empty when the reading is typed. ``owed_by``: the side
    that gives the reading. ``adds_up``: the readings of a year may be added (hours may, a share or people seen twice may not).
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="indicators", verbose_name="engagement"
    )
    name = models.CharField("nom", max_length=150)
    definition = models.TextField("définition", max_length=500)
    source = models.CharField("source", max_length=200)
    known = models.CharField("compté par Dentelle", max_length=30, blank=True)
    unit = models.CharField("unité", max_length=10, choices=Unit)
    baseline = models.DecimalField("point de départ", max_digits=14, decimal_places=2, null=True)
    target = models.DecimalField("cible", max_digits=14, decimal_places=2, null=True)
    target_for = models.CharField("la cible vaut pour", max_length=10, choices=TargetSpan, blank=True)
    adds_up = models.BooleanField("les relevés d’une année s’additionnent", default=False)
    added_on = models.DateField("posé le", null=True)  # unknown for the oldest
    frequency = models.CharField("fréquence", max_length=10, choices=Frequency)
    owed_by = models.CharField(
        "relevé par", max_length=10, choices=[("own", "réseau ou structure"), ("partner", "partenaire")]
    )

    class Meta:
        verbose_name = "indicateur"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="indicator_unit_known"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="indicator_frequency_known"),
            models.CheckConstraint(condition=Q(owed_by__in=("own", "partner")), name="indicator_owed_by_a_side"),
            models.CheckConstraint(
                condition=Q(target_for__in=("", *TargetSpan.values)), name="indicator_target_span_known"
            ),
            models.CheckConstraint(condition=~Q(unit="percent", adds_up=True), name="shares_do_not_add_up"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(definition="") & ~Q(source=""), name="indicator_is_defined_and_sourced"
            ),
            models.CheckConstraint(
                condition=Q(known="") | Q(owed_by="own"), name="what_dentelle_counts_is_not_owed_by_the_partner"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_word(self) -> str:
        """What follows a value: « personnes », « h », « % »; nothing for a plain number."""
        return "" if self.unit == Unit.COUNT else str(Unit(self.unit).label)

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers: people and things counted."""
        return self.unit in WHOLE

    @property
    def target_words(self) -> str:
        """What the target is for: « par trimestre », « sur l’année », or that nobody said."""
        if self.target_for == TargetSpan.YEAR:
            return "sur l’année"
        if self.target_for == TargetSpan.PERIOD:
            return f"par {PERIOD_WORDS[Frequency(self.frequency)]}"
        return f"sans dire si c’est par {PERIOD_WORDS[Frequency(self.frequency)]} ou par an"

    def told(self, value: Decimal) -> str:
        """A value with its unit: « 46 personnes »."""
        return f"{number(value)} {self.unit_word}".strip()

    @property
    def target_told(self) -> str:
        """The target with its unit and what it is for: « 24 personnes sur l’année »; empty when there is none."""
        return "" if self.target is None else f"{self.told(self.target)} {self.target_words}"


class ReadingAnswer(models.TextChoices):
    NONE = "none", "sans réponse"
    CONFIRMED = "confirmed", "confirmé"
    DISPUTED = "disputed", "contesté"


class Reading(models.Model):
    """A value of an indicator over a period, with its source; the other side confirms or disputes it.

    ``by_dentelle``: counted from the installation's own records on ``recorded_at``, not typed. ``by_partner``: given by the
    partner, answered by the author of the agreement.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="readings", verbose_name="indicateur"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    value = models.DecimalField("valeur", max_digits=14, decimal_places=2)
    source = models.CharField("source", max_length=200)
    by_dentelle = models.BooleanField("compté par Dentelle", default=False)
    by_partner = models.BooleanField("donné par le partenaire", default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="relevé par"
    )
    recorded_at = models.DateTimeField("relevé le")
    answer = models.CharField("réponse", max_length=10, choices=ReadingAnswer, default=ReadingAnswer.NONE)
    answer_words = models.TextField("motif de la réponse", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="répondu par"
    )
    answered_at = models.DateTimeField("répondu le", null=True)

    class Meta:
        verbose_name = "relevé"
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "ends_on"], name="one_reading_per_period"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="reading_period_in_order"),
            models.CheckConstraint(condition=Q(answer__in=ReadingAnswer.values), name="reading_answer_known"),
            models.CheckConstraint(
                condition=~Q(answer="disputed") | ~Q(answer_words=""), name="disputed_reading_says_why"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="reading_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.ends_on:%d/%m/%Y}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    @property
    def is_partial(self) -> bool:
        """Whether it was read before the end of its period: it stands until the period is over, then is owed again."""
        return timezone.localdate(self.recorded_at) <= self.ends_on

    @property
    def partial_told(self) -> str:
        """« partiel, arrêté au 23/11/2026 »; empty once its period was over."""
        return f"partiel, arrêté au {timezone.localdate(self.recorded_at):%d/%m/%Y}" if self.is_partial else ""
