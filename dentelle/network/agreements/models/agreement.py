from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Network, Structure
from dentelle.network.agreements.states import OVER, SIGNED_STATES, AgreementState


class AgreementLevel(models.TextChoices):
    FRAMEWORK = "framework", "convention-cadre"
    LOCAL = "local", "convention locale"


class AgreementTheme(models.TextChoices):
    """What an agreement is about; the first three are those the 2020 agreement is known for."""

    MOBILITY = "mobility", "mobilité"
    DIGITAL = "digital", "numérique"
    CAREER = "career", "évolution professionnelle"
    KNOWING = "knowing", "connaissance mutuelle"
    EMPLOYERS = "employers", "relation avec les entreprises"
    CLAUSE = "clause", "clause sociale"
    TRAINING = "training", "formation"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def frameworks(self) -> "AgreementQuerySet":
        return self.filter(level=AgreementLevel.FRAMEWORK)

    def local(self) -> "AgreementQuerySet":
        return self.filter(level=AgreementLevel.LOCAL)

    def signed(self) -> "AgreementQuerySet":
        """Those that were signed, over or not."""
        return self.filter(state__in=SIGNED_STATES)


class Agreement(models.Model):
    """An agreement between organisations. A framework belongs to the network (no structure), a local one to its structure.

    ``is_example`` marks a past agreement shipped with what is known of it: it frames nothing and lets nobody sign.
    ``note`` says what is not known. ``ended_on`` is the last day it is in force, once it is over before or at its term.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="agreements", verbose_name="réseau")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="agreements", verbose_name="structure"
    )
    level = models.CharField("niveau", max_length=10, choices=AgreementLevel)
    framework = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="local_agreements", verbose_name="convention-cadre"
    )
    renews = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="renewals", verbose_name="renouvelle"
    )
    title = models.CharField("intitulé", max_length=200)
    reference = models.CharField("référence", max_length=80, blank=True)
    purpose = models.TextField("objet", max_length=4000, blank=True)
    themes = models.JSONField("thèmes", default=list)  # codes of AgreementTheme
    places = models.JSONField("territoire", default=list)  # texts KIND:CODE; empty for a framework
    starts_on = models.DateField("début", null=True)
    ends_on = models.DateField("fin", null=True)
    state = models.CharField("état", max_length=12, choices=AgreementState, default=AgreementState.DRAFT)
    state_since = models.DateTimeField("dans cet état depuis")
    state_reason = models.TextField("motif", max_length=500, blank=True)
    signed_on = models.DateField("signée le", null=True)
    ended_on = models.DateField("cesse le", null=True)
    is_example = models.BooleanField("exemple", default=False)
    note = models.TextField("ce qui n’est pas connu", max_length=500, blank=True)
    signed_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="exemplaire signé"
    )
    # Optimistic lock: +1 at each change; a change made from an older revision is refused.
    revision = models.PositiveIntegerField("révision", default=1)
    created_at = models.DateTimeField("créée le")
    updated_at = models.DateTimeField("modifiée le")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="créée par"
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(fields=["network", "level", "state"], name="agreement_by_network"),
            models.Index(fields=["structure", "state"], name="agreement_by_structure"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=AgreementLevel.values), name="agreement_level_known"),
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="agreement_state_known"),
            models.CheckConstraint(
                condition=Q(level="framework", structure=None, framework=None)
                | Q(level="local", structure__isnull=False),
                name="framework_is_the_networks_local_the_structures",
            ),
            models.CheckConstraint(
                condition=~Q(level="local", state__in=SIGNED_STATES) | Q(framework__isnull=False),
                name="signed_local_agreement_names_its_framework",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SIGNED_STATES) | Q(signed_on__isnull=False), name="signed_agreement_says_when"
            ),
            models.CheckConstraint(
                condition=Q(is_example=True)
                | ~Q(state__in=("proposed", *SIGNED_STATES))
                | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="agreement_proposed_has_its_period",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="agreement_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OVER, ended_on__isnull=False) | (~Q(state__in=OVER) & Q(ended_on=None)),
                name="agreement_over_says_since_when",
            ),
            models.CheckConstraint(condition=Q(is_example=False) | Q(level="framework"), name="example_is_a_framework"),
            models.UniqueConstraint(fields=["renews"], condition=~Q(state="abandoned"), name="agreement_renewed_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_framework(self) -> bool:
        return self.level == AgreementLevel.FRAMEWORK

    @property
    def is_signed(self) -> bool:
        return self.state in SIGNED_STATES

    @property
    def first_day(self) -> date | None:
        """The first day it is in force once signed: its start, or its last signature when that came later."""
        if self.starts_on is None or self.signed_on is None:
            return self.starts_on
        return max(self.starts_on, self.signed_on)

    @property
    def is_signed_late(self) -> bool:
        """Whether its last signature came after its start: it is in force from the signature only."""
        return self.is_signed and self.starts_on is not None and self.first_day != self.starts_on

    @property
    def last_day(self) -> date | None:
        """The last day it is in force: its term, or the day it ceased."""
        return self.ended_on or self.ends_on

    def in_force(self, on: date) -> bool:
        """Say whether it is signed and its days hold ``on``; an example never is."""
        if self.is_example or not self.is_signed or self.first_day is None or self.last_day is None:
            return False
        return self.first_day <= on <= self.last_day

    def standing(self, on: date) -> str:
        """Where it stands on a day, in words: « en vigueur », « terme passé », else its state."""
        if self.is_example:
            return "donnée pour exemple"
        if self.in_force(on):
            return "en vigueur"
        if self.state == AgreementState.SIGNED and self.first_day is not None and self.last_day is not None:
            return "pas encore commencée" if on < min(self.first_day, self.last_day) else "terme passé"
        return str(AgreementState(self.state).label)

    @property
    def theme_labels(self) -> list[str]:
        return [str(AgreementTheme(code).label) for code in self.themes if code in AgreementTheme.values]


class PartySide(models.TextChoices):
    AUTHOR = "author", "réseau ou structure"
    PARTNER = "partner", "service public de l’emploi"
    OTHER = "other", "autre partie"


class Party(models.Model):
    """An organisation that signs.

    ``name`` is what it was called when the agreement was proposed: what people sign keeps it, whatever becomes of the
    record of the organisation. Alone, it serves a past agreement whose parties' numbers are not known. ``former``: the
    names noted before each correction. ``is_own``: its author said that it is the structure itself.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="parties", verbose_name="convention"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisation"
    )
    name = models.CharField("nom à la signature", max_length=250, blank=True)
    former = models.JSONField("noms avant correction", default=list)
    side = models.CharField("côté", max_length=10, choices=PartySide)
    is_public = models.BooleanField("organisme public", default=False)
    is_own = models.BooleanField("la structure elle-même", default=False)
    amendment = models.ForeignKey(
        "AgreementAmendment", on_delete=models.PROTECT, null=True, related_name="parties", verbose_name="par avenant"
    )

    class Meta:
        verbose_name = "partie"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="one_party_per_organisation"),
            models.CheckConstraint(condition=Q(side__in=PartySide.values), name="party_side_known"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(name=""), name="party_is_an_organisation_or_a_name"
            ),
            models.CheckConstraint(
                condition=Q(is_own=False) | Q(side="author", structure__isnull=False), name="own_party_is_on_its_side"
            ),
        ]

    def __str__(self) -> str:
        return self.name or (self.organisation.name if self.organisation else "")

    @property
    def name_today(self) -> str:
        """What its record says today, when it is no longer the name it signs under; empty otherwise."""
        if self.organisation is None or self.organisation.name == str(self):
            return ""
        return self.organisation.name

    @property
    def signatories_needed(self) -> int:
        """Two for a public body, one otherwise."""
        return 2 if self.is_public else 1


class Signatory(models.Model):
    """A person who signs for a party; ``signed_on`` None until they have."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="signatories", verbose_name="partie")
    full_name = models.CharField("nom", max_length=150)
    function = models.CharField("fonction", max_length=150, blank=True)
    signed_on = models.DateField("a signé le", null=True)

    class Meta:
        verbose_name = "signataire"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["party", "full_name"], name="signs_once_for_a_party"),
            models.CheckConstraint(condition=~Q(full_name=""), name="signatory_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Article(models.Model):
    """One article, in its order. ``is_unavailable``: its text exists and is not known here; it is never invented."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="articles", verbose_name="convention"
    )
    rank = models.PositiveSmallIntegerField("rang")
    title = models.CharField("titre", max_length=200, blank=True)
    text = models.TextField("texte", max_length=20000, blank=True)
    is_unavailable = models.BooleanField("texte non disponible", default=False)

    class Meta:
        verbose_name = "article"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "rank"], name="one_article_per_rank"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="article_rank_from_one"),
            models.CheckConstraint(
                condition=Q(is_unavailable=False) | Q(text="", title=""), name="unavailable_article_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"Article {self.rank}" + (f", {self.title}" if self.title else "")


class AgreementAmendment(models.Model):
    """A signed change of a signed agreement: its end, the text of an article, what it adds; what it replaced is kept.

    ``adds``: it brings places (``added_places``), a commitment or a party, which name it.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="amendments", verbose_name="convention"
    )
    number = models.PositiveSmallIntegerField("numéro")
    signed_on = models.DateField("signé le")
    reason = models.TextField("motif", max_length=500)
    former_end = models.DateField("ancienne fin", null=True)
    new_end = models.DateField("nouvelle fin", null=True)
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, related_name="amendments", verbose_name="article"
    )
    former_text = models.TextField("ancien texte", max_length=20000, blank=True)
    new_text = models.TextField("nouveau texte", max_length=20000, blank=True)
    added_places = models.JSONField("territoire ajouté", default=list)  # texts KIND:CODE
    adds = models.BooleanField("ajoute un engagement, une partie ou un territoire", default=False)

    class Meta:
        verbose_name = "avenant à une convention"
        verbose_name_plural = "avenants à une convention"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_amendment_per_number"),
            models.CheckConstraint(
                condition=Q(new_end__isnull=False) | Q(article__isnull=False) | Q(adds=True),
                name="amendment_changes_something",
            ),
        ]

    def __str__(self) -> str:
        return f"Avenant n° {self.number}"
