from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.organisations.models import Network
from dentelle.network.governance.models import Axis, Mandate, Theme


def network_key() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+", verbose_name="réseau")


def user_key(verbose: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=verbose
    )


class PaperState(models.TextChoices):
    PREPARING = "preparing", "en préparation"
    OPEN = "open", "appel ouvert"
    WORKING = "working", "en rédaction"
    EDITED = "edited", "édité"
    PUBLISHED = "published", "publié"


class WhitePaper(models.Model):
    """What the network asks for, in a mandate. ``is_example``: shipped with what is known of a past one, and nothing else."""

    network = network_key()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="mandat")
    title = models.CharField("titre", max_length=240)
    aim = models.TextField("ce qu’il veut obtenir", max_length=2000, blank=True)
    state = models.CharField("état", max_length=10, choices=PaperState, default=PaperState.PREPARING)
    published_on = models.DateField("publié le", null=True)
    is_example = models.BooleanField("exemple", default=False)
    note = models.TextField("ce qui est connu, ce qui ne l’est pas", max_length=2000, blank=True)
    created_at = models.DateTimeField("créé le")
    created_by = user_key("créé par")
    revision = models.PositiveIntegerField("révision", default=1)  # a change made from an older one is refused

    class Meta:
        verbose_name = "livre blanc"
        verbose_name_plural = "livres blancs"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "title"], name="white_paper_title_once_per_network"),
            models.CheckConstraint(condition=Q(state__in=PaperState.values), name="white_paper_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PaperState.PUBLISHED) | Q(published_on__isnull=False),
                name="published_white_paper_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(is_example=True) | Q(mandate__isnull=False), name="white_paper_has_its_mandate"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Call(models.Model):
    """The call for contributions of a white paper, between two days, on some themes and axes of governance or on all."""

    network = network_key()
    paper = models.OneToOneField(WhitePaper, on_delete=models.PROTECT, related_name="call", verbose_name="livre blanc")
    words = models.TextField("ce qui est demandé", max_length=2000)
    opens_on = models.DateField("ouvre le")
    closes_on = models.DateField("dernier jour")
    axes = models.ManyToManyField(Axis, related_name="+", verbose_name="axes")
    themes = models.ManyToManyField(Theme, related_name="+", verbose_name="thèmes")
    made_at = models.DateTimeField("lancé le")
    revision = models.PositiveIntegerField("révision", default=1)  # a change made from an older one is refused

    class Meta:
        verbose_name = "appel à contributions"
        verbose_name_plural = "appels à contributions"
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="call_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return f"appel à contributions, {self.paper}"


class Chapter(models.Model):
    """A part of a white paper. ``is_unavailable``: it existed, and no source gives its title."""

    network = network_key()
    paper = models.ForeignKey(WhitePaper, on_delete=models.PROTECT, related_name="chapters", verbose_name="livre blanc")
    rank = models.PositiveSmallIntegerField("rang")
    title = models.CharField("titre", max_length=240, blank=True)
    introduction = models.TextField("introduction", max_length=4000, blank=True)
    axis = models.ForeignKey(Axis, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="axe")
    is_unavailable = models.BooleanField("texte non disponible", default=False)
    revision = models.PositiveIntegerField("révision", default=1)  # a change made from an older one is refused

    class Meta:
        verbose_name = "chapitre"
        ordering = ["paper", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "rank"], name="chapter_rank_once"),
            models.CheckConstraint(condition=Q(is_unavailable=True) | ~Q(title=""), name="chapter_has_its_title"),
        ]

    def __str__(self) -> str:
        return self.title or "Titre non disponible"
