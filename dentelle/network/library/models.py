from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Network, Structure


class ItemKind(models.TextChoices):
    GUIDE = "guide", "guide"
    TEMPLATE = "template", "modèle"
    WEBINAR = "webinar", "webinaire"
    TERM = "term", "mot du métier"


class LibraryItem(models.Model):
    """Something of use to people of the trade. ``review_on`` is the day after which its owner is called."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+", verbose_name="réseau")
    kind = models.CharField("nature", max_length=10, choices=ItemKind)
    title = models.CharField("titre", max_length=160)
    summary = models.CharField("en une phrase", max_length=300, blank=True)
    words = models.TextField("texte", max_length=20_000, blank=True)
    link = models.URLField("adresse", max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="fichier")
    source = models.CharField("source", max_length=300, blank=True)
    held_on = models.DateField("date du webinaire", null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="tenu à jour par"
    )
    up_to_date_on = models.DateField("à jour au")
    review_months = models.PositiveSmallIntegerField("à relire tous les (mois)")
    review_on = models.DateField("à relire après le")
    retired_on = models.DateField("retiré le", null=True)
    created_at = models.DateTimeField("ajouté le")

    class Meta:
        verbose_name = "ressource"
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["network", "kind", "title"], name="library_by_kind"),
            models.Index(fields=["owner", "review_on"], name="library_by_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "kind", "title"], condition=Q(retired_on=None), name="library_title_once_per_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="library_kind_known"),
            models.CheckConstraint(
                condition=~Q(words="") | ~Q(link="") | Q(file__isnull=False), name="library_item_holds_something"
            ),
            models.CheckConstraint(
                condition=Q(review_months__gte=1, review_months__lte=60), name="library_review_period_likely"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PathStep(models.Model):
    """One step of « nouveau dans le métier », in its order, with the item that helps."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+", verbose_name="réseau")
    rank = models.PositiveSmallIntegerField("rang")
    title = models.CharField("étape", max_length=160)
    words = models.TextField("ce qu’il faut savoir ou faire", max_length=2000, blank=True)
    item = models.ForeignKey(
        LibraryItem, on_delete=models.PROTECT, null=True, related_name="steps", verbose_name="ressource"
    )

    class Meta:
        verbose_name = "étape du parcours"
        verbose_name_plural = "étapes du parcours"
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["network", "rank"], name="path_rank_once_per_network")]

    def __str__(self) -> str:
        return self.title


class StepDone(models.Model):
    """A person ticked a step of the path: for themselves alone, nobody else reads it."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+", verbose_name="structure")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="personne"
    )
    step = models.ForeignKey(PathStep, on_delete=models.CASCADE, related_name="+", verbose_name="étape")
    done_at = models.DateTimeField("faite le")

    class Meta:
        verbose_name = "étape faite"
        verbose_name_plural = "étapes faites"
        constraints = [models.UniqueConstraint(fields=["user", "structure", "step"], name="step_done_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.step}"
