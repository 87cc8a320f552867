from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Network, Structure
from dentelle.network.practices.vocabulary import LICENCES, OUTCOMES


class VersionState(models.TextChoices):
    DRAFT = "draft", "brouillon"
    SUBMITTED = "submitted", "à relire"
    REVIEWED = "reviewed", "relue"
    PUBLISHED = "published", "publiée"


class Origin(models.TextChoices):
    WRITTEN = "written", "écrite ici"
    IMPORTED = "imported", "reprise d’un tableur"
    ANSWER = "answer", "tirée d’une réponse à une enquête"
    FINDING = "finding", "tirée d’un constat du Tour"


class AgreementState(models.TextChoices):
    ASKED = "asked", "demandé"
    GIVEN = "given", "donné"
    DECLINED = "declined", "correction demandée"
    VOID = "void", "le texte a changé depuis"


class Means(models.TextChoices):
    """How somebody agrees to what was written of them."""

    SPACE = "space", "dans son espace"
    LINK = "link", "par un lien"
    WRITTEN = "written", "par écrit"


class Writing(models.TextChoices):
    EMAIL = "email", "courriel"
    LETTER = "letter", "lettre"
    MINUTES = "minutes", "compte rendu de réunion"


class Practice(models.Model):
    """One practice, told by a sheet whose versions follow one another. ``published`` is the version everybody reads.

    ``structure`` is None for what the head of the network writes of its own. ``origin_key`` finds again what it was made
    of: the reference of a line imported, the key of an answer. Codes of place are those of the published version, worked
    out from its territory.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+", verbose_name="réseau")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    by_head = models.BooleanField("commencée par la tête de réseau", default=False)
    origin = models.CharField("origine", max_length=10, choices=Origin, default=Origin.WRITTEN)
    origin_key = models.CharField("clé d’origine", max_length=120, blank=True)
    published = models.ForeignKey(
        "PracticeVersion", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="version publiée"
    )
    checked_on = models.DateField("vérifiée le", null=True)
    archived_on = models.DateField("archivée le", null=True)
    archive_reason = models.TextField("pourquoi elle est archivée", max_length=500, blank=True)
    epci_code = models.CharField("intercommunalité", max_length=9, blank=True)
    region_code = models.CharField("région", max_length=3, blank=True)
    created_at = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "fiche pratique"
        verbose_name_plural = "fiches pratiques"
        ordering = ["-checked_on", "-pk"]
        indexes = [
            models.Index(fields=["network", "archived_on", "-checked_on", "-id"], name="practice_latest"),
            models.Index(fields=["structure", "checked_on"], name="practice_by_structure"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="practice_origin_known"),
            models.CheckConstraint(
                condition=Q(published=None, checked_on=None) | Q(published__isnull=False, checked_on__isnull=False),
                name="published_practice_says_when_it_was_checked",
            ),
            models.UniqueConstraint(
                fields=["network", "structure", "origin", "origin_key"],
                condition=~Q(origin_key=""),
                name="one_practice_per_origin",
            ),
        ]

    def __str__(self) -> str:
        return f"fiche {self.pk}"


class PracticeVersion(models.Model):
    """What a sheet said at one time (``content``: see ``content.FIELDS``). A published version never changes.

    ``profile``: the transfer profile, criterion → 0 to 3, as answered by the reviewer. ``returned``: why it was sent back. ``by_head``: the
    head of the network wrote it last; it is then published with the agreement of those whose sheet it is (``SheetAgreement``).
    ``reviewed_inside``: its reviewer was of the structure that bears it, or of the head for its own.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions", verbose_name="fiche")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    number = models.PositiveIntegerField("version")
    state = models.CharField("état", max_length=10, choices=VersionState, default=VersionState.DRAFT)
    title = models.CharField("titre", max_length=160)
    content = models.JSONField("contenu", default=dict)
    profile = models.JSONField("profil de transfert", default=dict)
    returned = models.TextField("pourquoi elle est renvoyée", max_length=1_000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    by_head = models.BooleanField("écrite par la tête de réseau", default=False)
    updated_at = models.DateTimeField("modifiée le")
    submitted_at = models.DateTimeField("proposée le", null=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="relecteur"
    )
    review_note = models.TextField("note de relecture", max_length=1_000, blank=True)
    reviewed_on = models.DateField("relue le", null=True)
    reviewed_inside = models.BooleanField("relue par quelqu’un de ce qui la porte", default=False)
    published_on = models.DateField("publiée le", null=True)

    class Meta:
        verbose_name = "version de fiche"
        verbose_name_plural = "versions de fiches"
        ordering = ["practice", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="practice_version_once"),
            models.UniqueConstraint(
                fields=["practice"], condition=~Q(state="published"), name="one_version_in_the_making"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="version_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"])
                | Q(reviewer__isnull=False, reviewed_on__isnull=False) & ~Q(reviewer=F("author")),
                name="nobody_reviews_their_own_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class SheetAgreement(models.Model):
    """Those whose sheet it is read again a version the head of the network wrote: asked, agreed, or what is to be mended.

    ``structure`` is None for who answered a survey without a place here. ``nature`` and ``answered_on`` date a written agreement
    noted by the head (``answered_by``); ``words``: what they ask to mend. ``licence``: the one they agreed to.
    """

    version = models.ForeignKey(
        PracticeVersion, on_delete=models.CASCADE, related_name="agreements", verbose_name="version"
    )
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    state = models.CharField("état", max_length=10, choices=AgreementState, default=AgreementState.ASKED)
    means = models.CharField("comment", max_length=10, choices=Means)
    nature = models.CharField("nature de l’écrit", max_length=10, choices=Writing, blank=True)
    link = models.ForeignKey(MagicLink, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="lien")
    asked_at = models.DateTimeField("demandé le")
    answered_on = models.DateField("répondu le", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="répondu par"
    )
    words = models.TextField("ce qui est à corriger", max_length=1_000, blank=True)
    licence = models.CharField("licence acceptée", max_length=10, choices=LICENCES, blank=True)

    class Meta:
        verbose_name = "accord sur une fiche"
        verbose_name_plural = "accords sur les fiches"
        ordering = ["version", "pk"]
        indexes = [models.Index(fields=["structure", "state"], name="sheet_agreement_by_structure")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="sheet_agreement_state_known"),
            models.CheckConstraint(condition=Q(means__in=Means.values), name="sheet_agreement_means_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["given", "declined"]) | Q(answered_on__isnull=False),
                name="sheet_agreement_says_when",
            ),
            models.CheckConstraint(
                condition=Q(means="written", nature__in=Writing.values, answered_by__isnull=False)
                | ~Q(means="written") & Q(nature=""),
                name="written_sheet_agreement_says_how",
            ),
            models.UniqueConstraint(fields=["version"], condition=Q(state="asked"), name="one_sheet_agreement_asked"),
        ]

    def __str__(self) -> str:
        return f"accord sur {self.version_id}"


class PracticeTag(models.Model):
    """What published sheets are sorted by: written again with each publication, taken away when the sheet is archived."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+", verbose_name="réseau")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="tags", verbose_name="fiche")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    facet = models.CharField("facette", max_length=20)
    value = models.CharField("valeur", max_length=40)

    class Meta:
        verbose_name = "facette de fiche"
        verbose_name_plural = "facettes de fiches"
        indexes = [models.Index(fields=["network", "facet", "value", "practice"], name="practice_by_facet")]
        constraints = [
            models.UniqueConstraint(fields=["practice", "facet", "value"], name="facet_value_once_per_practice")
        ]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}"


class Replication(models.Model):
    """A structure tried what a sheet tells: with what result, and what it changed.

    ``former``: what it said before, latest first, with the day it said it (``outcome``, ``told``, ``changed``, ``started_on``,
    ``said_on``); days in ISO text.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="replications", verbose_name="fiche")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    outcome = models.CharField("résultat", max_length=10, choices=OUTCOMES)
    started_on = models.DateField("début", null=True)
    told = models.TextField("ce qui s’est passé", max_length=2_000)
    changed = models.TextField("ce qui a été adapté", max_length=1_000, blank=True)
    former = models.JSONField("ce qui était dit avant", default=list)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    created_at = models.DateTimeField("dit le")
    updated_at = models.DateTimeField("modifié le")

    class Meta:
        verbose_name = "essai chez un membre"
        verbose_name_plural = "essais chez les membres"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "structure"], name="one_replication_per_structure"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="replication_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"essai de la fiche {self.practice_id}"
