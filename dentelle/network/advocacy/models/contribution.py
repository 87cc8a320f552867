from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.organisations.models import Structure
from dentelle.network.advocacy.models.paper import WhitePaper, network_key, user_key
from dentelle.network.governance.models import Axis, Body, Concern, Mandate, Session, Theme
from dentelle.network.practices.models import PracticeVersion
from dentelle.network.tour.models import Finding


class IdeaState(models.TextChoices):
    OPEN = "open", "à discuter"
    DISCUSSED = "discussed", "discutée"
    RETAINED = "retained", "retenue"
    MERGED = "merged", "réunie à une autre"
    SET_ASIDE = "set_aside", "écartée"


class Idea(models.Model):
    """What several contributions say, named by people. A contribution keeps its own words under it."""

    network = network_key()
    paper = models.ForeignKey(WhitePaper, on_delete=models.PROTECT, related_name="ideas", verbose_name="livre blanc")
    title = models.CharField("idée", max_length=200)
    summary = models.TextField("ce que disent les contributions", max_length=1500, blank=True)
    state = models.CharField("état", max_length=10, choices=IdeaState, default=IdeaState.OPEN)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="absorbed", verbose_name="réunie à"
    )
    reason = models.TextField("raison dite aux auteurs", max_length=1500, blank=True)
    decided_on = models.DateField("décidée le", null=True)
    created_at = models.DateTimeField("nommée le")
    created_by = user_key("nommée par")
    revision = models.PositiveIntegerField("révision", default=1)  # a change made from an older one is refused

    class Meta:
        verbose_name = "idée"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "title"], name="idea_title_once_per_paper"),
            models.CheckConstraint(condition=Q(state__in=IdeaState.values), name="idea_state_known"),
            models.CheckConstraint(
                condition=~Q(state=IdeaState.SET_ASIDE) | ~Q(reason=""), name="idea_set_aside_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state=IdeaState.MERGED, merged_into__isnull=False)
                | (~Q(state=IdeaState.MERGED) & Q(merged_into=None)),
                name="idea_merged_says_into_which",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Discussion(models.Model):
    """An idea was discussed by a body of the network, in a session. One noted by mistake stays, taken back with its reason."""

    network = network_key()
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="discussions", verbose_name="idée")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", verbose_name="instance")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+", verbose_name="séance")
    words = models.TextField("ce qui a été dit", max_length=2000, blank=True)
    noted_at = models.DateTimeField("noté le")
    taken_back_at = models.DateTimeField("retirée le", null=True)
    taken_back_because = models.TextField("pourquoi elle est retirée", max_length=1500, blank=True)

    class Meta:
        verbose_name = "discussion d’une idée"
        verbose_name_plural = "discussions d’idées"
        ordering = ["session__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["idea", "session"], condition=Q(taken_back_at=None), name="idea_discussed_once_per_session"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_because="")
                | (Q(taken_back_at__isnull=False) & ~Q(taken_back_because="")),
                name="discussion_taken_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.idea}, {self.session}"


class ContributionState(models.TextChoices):
    DRAFT = "draft", "brouillon"
    SUBMITTED = "submitted", "envoyée"
    RETURNED = "returned", "à reprendre"
    MODERATED = "moderated", "reçue"
    GROUPED = "grouped", "rangée dans une idée"
    DISCUSSED = "discussed", "discutée"
    RETAINED = "retained", "retenue"
    MERGED = "merged", "réunie à une autre idée"
    SET_ASIDE = "set_aside", "écartée"
    CITED = "cited", "citée dans l’édition publiée"
    NOT_CITED = "not_cited", "non citée dans l’édition publiée"
    WITHDRAWN = "withdrawn", "retirée par son auteur"


class Consent(models.TextChoices):
    NAMED = "named", "avec mon nom et ma structure"
    STRUCTURE = "structure", "au nom de ma structure, sans mon nom"
    UNQUOTED = "unquoted", "ne pas être cité"


class Contribution(models.Model):
    """An answer to a call, in its author's words, at the mandate of the day. Nobody else edits them."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    network = network_key()
    paper = models.ForeignKey(
        WhitePaper, on_delete=models.PROTECT, related_name="contributions", verbose_name="livre blanc"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+", verbose_name="mandat")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    author_name = models.CharField("nom de l’auteur ce jour-là", max_length=150)
    author_function = models.CharField("fonction de l’auteur ce jour-là", max_length=160, blank=True)
    finding = models.TextField("constat", max_length=3000, blank=True)
    proposal = models.TextField("proposition", max_length=3000, blank=True)
    evidence = models.TextField("éléments à l’appui", max_length=2000, blank=True)
    places = models.JSONField("lieux", default=list)  # KIND:CODE, as coverages say them
    axis = models.ForeignKey(Axis, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="axe")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="thème")
    consent = models.CharField("accord pour être cité", max_length=10, choices=Consent, default=Consent.STRUCTURE)
    consent_changed_at = models.DateTimeField("accord changé le", null=True)
    state = models.CharField("état", max_length=10, choices=ContributionState, default=ContributionState.DRAFT)
    idea = models.ForeignKey(
        Idea, on_delete=models.PROTECT, null=True, related_name="contributions", verbose_name="idée"
    )
    # told when an edition that leaves it out is published
    left_out_because = models.TextField("pourquoi une édition ne la reprend pas", max_length=1500, blank=True)
    written_at = models.DateTimeField("écrite le")
    sent_at = models.DateTimeField("envoyée le", null=True)

    class Meta:
        verbose_name = "contribution"
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(fields=["paper", "state"], name="contribution_by_state"),
            models.Index(fields=["network", "-written_at", "-id"], name="contribution_latest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ContributionState.values), name="contribution_state_known"),
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="contribution_consent_known"),
            models.CheckConstraint(
                condition=Q(state__in=[ContributionState.DRAFT, ContributionState.WITHDRAWN])
                | (~Q(finding="") & ~Q(proposal="") & Q(sent_at__isnull=False)),
                name="contribution_sent_has_its_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["grouped", "discussed", "retained", "merged"]) | Q(idea__isnull=False),
                name="grouped_contribution_has_its_idea",
            ),
        ]

    def __str__(self) -> str:
        return self.proposal[:80] or self.finding[:80] or f"contribution {self.pk}"


class ContributionSource(models.Model):
    """What a contribution leans on: one published practice sheet, one concern, or one finding of the Tour."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="sources", verbose_name="contribution"
    )
    practice = models.ForeignKey(
        PracticeVersion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="fiche pratique"
    )
    concern = models.ForeignKey(
        Concern, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="préoccupation"
    )

    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="constat du Tour"
    )

    class Meta:
        verbose_name = "appui d’une contribution"
        verbose_name_plural = "appuis de contributions"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(practice__isnull=False, concern=None, finding=None)
                | Q(practice=None, concern__isnull=False, finding=None)
                | Q(practice=None, concern=None, finding__isnull=False),
                name="contribution_source_is_one_thing",
            ),
            models.UniqueConstraint(fields=["contribution", "practice"], name="contribution_leans_once_on_a_practice"),
            models.UniqueConstraint(fields=["contribution", "concern"], name="contribution_leans_once_on_a_concern"),
            models.UniqueConstraint(fields=["contribution", "finding"], name="contribution_leans_once_on_a_finding"),
        ]

    def __str__(self) -> str:
        return str(self.practice or self.concern or self.finding)


class OutcomeKind(models.TextChoices):
    SENT = "sent", "envoyée"
    RETURNED = "returned", "renvoyée à l’auteur"
    MODERATED = "moderated", "reçue"
    GROUPED = "grouped", "rangée dans une idée"
    DISCUSSED = "discussed", "discutée"
    TAKEN_BACK = "taken_back", "discussion notée par erreur"
    RETAINED = "retained", "retenue"
    MERGED = "merged", "réunie à une autre idée"
    SET_ASIDE = "set_aside", "écartée"
    REOPENED = "reopened", "décision reprise"
    CITED = "cited", "citée"
    NOT_CITED = "not_cited", "non citée"
    FOLLOWED = "followed", "suite donnée à une proposition qui la cite"


class ContributionNews(models.Model):
    """One thing that became of a contribution, told to its author. ``proposals``: numbers of those that lean on it."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="news", verbose_name="contribution"
    )
    kind = models.CharField("nature", max_length=10, choices=OutcomeKind)
    at = models.DateTimeField("le")
    words = models.TextField("ce qui est dit à l’auteur", max_length=1500, blank=True)
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="idée")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="séance")
    proposals = models.JSONField("propositions", default=list)
    read_at = models.DateTimeField("lu le", null=True)

    class Meta:
        verbose_name = "suite d’une contribution"
        verbose_name_plural = "suites de contributions"
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["structure"], condition=Q(read_at=None), name="contribution_news_unread"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OutcomeKind.values), name="contribution_news_kind_known"),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[
                        OutcomeKind.RETURNED,
                        OutcomeKind.SET_ASIDE,
                        OutcomeKind.REOPENED,
                        OutcomeKind.TAKEN_BACK,
                    ]
                )
                | ~Q(words=""),
                name="contribution_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(read_at__gte=F("at")), name="contribution_news_read_after_told"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
