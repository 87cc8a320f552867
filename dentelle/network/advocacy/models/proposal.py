from django.db import models
from django.db.models import Q

from dentelle.network.advocacy.models.contribution import Contribution, Idea
from dentelle.network.advocacy.models.paper import Chapter, WhitePaper, network_key, user_key
from dentelle.network.governance.models import Concern
from dentelle.network.practices.models import PracticeVersion
from dentelle.network.tour.models import Finding


class Level(models.TextChoices):
    NATIONAL = "national", "national"
    REGIONAL = "regional", "régional"
    LOCAL = "local", "local"


class Proposal(models.Model):
    """One thing the network asks for. Markers such as [2] in its finding and measure tie a sentence to its citations.

    ``cost`` always comes with its source; empty, it is « non chiffré ». ``is_unavailable``: it existed, and no source gives its text.
    """

    network = network_key()
    paper = models.ForeignKey(
        WhitePaper, on_delete=models.PROTECT, related_name="proposals", verbose_name="livre blanc"
    )
    chapter = models.ForeignKey(
        Chapter, on_delete=models.PROTECT, null=True, related_name="proposals", verbose_name="chapitre"
    )
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, null=True, related_name="proposals", verbose_name="idée")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=240, blank=True)
    finding = models.TextField("constat", max_length=6000, blank=True)
    measure = models.TextField("mesure", max_length=6000, blank=True)
    level = models.CharField("niveau", max_length=8, choices=Level, default=Level.NATIONAL)
    cost = models.CharField("coût", max_length=300, blank=True)
    cost_source = models.CharField("source du coût", max_length=300, blank=True)
    legal_vehicle = models.CharField("vecteur juridique", max_length=300, blank=True)
    indicator = models.CharField("indicateur", max_length=200, blank=True)
    indicator_definition = models.TextField("définition de l’indicateur", max_length=1000, blank=True)
    unsourced = models.JSONField("phrases dites sans source", default=list)  # {"text": …, "because": …}, as written
    # sentences whose figure reads otherwise since they were written: {"text": …, "number": …, "former": …}
    to_reread = models.JSONField("phrases à relire", default=list)
    is_unavailable = models.BooleanField("texte non disponible", default=False)
    changed_at = models.DateTimeField("modifiée le")
    revision = models.PositiveIntegerField("révision", default=1)  # a change made from an older one is refused

    class Meta:
        verbose_name = "proposition"
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="proposal_number_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="proposal_level_known"),
            models.CheckConstraint(condition=Q(cost="") | ~Q(cost_source=""), name="proposal_cost_has_its_source"),
            models.CheckConstraint(
                condition=Q(indicator="") | ~Q(indicator_definition=""), name="proposal_indicator_has_its_definition"
            ),
            models.CheckConstraint(condition=Q(is_unavailable=True) | ~Q(title=""), name="proposal_has_its_title"),
        ]

    def __str__(self) -> str:
        return self.title or "Texte non disponible"


class Figure(models.Model):
    """A figure a proposal may cite: its value as it was that day, its definition, its source. It never changes by itself.
    An edition that printed it keeps it: corrected since, it is ``replaced_by`` another, which proposals now cite.

    ``measure`` names what Dentelle computed it from (``survey:campaign:question``, ``network:members``…), ``link`` the page that made it.
    """

    network = network_key()
    paper = models.ForeignKey(WhitePaper, on_delete=models.PROTECT, related_name="figures", verbose_name="livre blanc")
    label = models.CharField("ce qu’il compte", max_length=240)
    value = models.CharField("valeur", max_length=60)
    unit = models.CharField("unité", max_length=40, blank=True)
    definition = models.TextField("définition", max_length=1000)
    source = models.CharField("source", max_length=300)
    as_of = models.DateField("à la date du")
    measure = models.CharField("calcul de Dentelle", max_length=80, blank=True)
    link = models.CharField("page qui l’a produit", max_length=200, blank=True)
    taken_at = models.DateTimeField("relevé le")
    taken_by = user_key("relevé par")
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="replaces", verbose_name="corrigé par"
    )
    revision = models.PositiveIntegerField("révision", default=1)  # a change made from an older one is refused

    class Meta:
        verbose_name = "chiffre"
        ordering = ["label", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="") & ~Q(definition="") & ~Q(source=""), name="figure_says_what_and_from_where"
            ),
            models.CheckConstraint(condition=Q(measure="") | ~Q(link=""), name="figure_of_dentelle_keeps_its_link"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.unit}".strip()


class CitationKind(models.TextChoices):
    CONTRIBUTION = "contribution", "contribution"
    PRACTICE = "practice", "fiche pratique"
    CONCERN = "concern", "préoccupation d’élu"
    FIGURE = "figure", "chiffre"
    FINDING = "finding", "constat du Tour"


def _one_of(kind: CitationKind) -> Q:
    return Q(kind=kind, **{f"{other.value}__isnull": other != kind for other in CitationKind})


class Citation(models.Model):
    """What a proposal leans on, under the number its sentences give. ``excerpt``: words taken as they are in the contribution."""

    network = network_key()
    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, related_name="citations", verbose_name="proposition"
    )
    number = models.PositiveSmallIntegerField("numéro")
    kind = models.CharField("nature", max_length=12, choices=CitationKind)
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, null=True, related_name="citations", verbose_name="contribution"
    )
    practice = models.ForeignKey(
        PracticeVersion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="fiche pratique"
    )
    concern = models.ForeignKey(
        Concern, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="préoccupation"
    )
    figure = models.ForeignKey(
        Figure, on_delete=models.PROTECT, null=True, related_name="citations", verbose_name="chiffre"
    )
    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="constat du Tour"
    )
    excerpt = models.TextField("mots cités", max_length=1000, blank=True)

    class Meta:
        verbose_name = "citation"
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="citation_number_once"),
            models.UniqueConstraint(fields=["proposal", "contribution"], name="contribution_cited_once_per_proposal"),
            models.UniqueConstraint(fields=["proposal", "practice"], name="practice_cited_once_per_proposal"),
            models.UniqueConstraint(fields=["proposal", "concern"], name="concern_cited_once_per_proposal"),
            models.UniqueConstraint(fields=["proposal", "figure"], name="figure_cited_once_per_proposal"),
            models.UniqueConstraint(fields=["proposal", "finding"], name="finding_cited_once_per_proposal"),
            models.CheckConstraint(
                condition=_one_of(CitationKind.CONTRIBUTION)
                | _one_of(CitationKind.PRACTICE)
                | _one_of(CitationKind.CONCERN)
                | _one_of(CitationKind.FIGURE)
                | _one_of(CitationKind.FINDING),
                name="citation_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.get_kind_display()}"
