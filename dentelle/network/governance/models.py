from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Network, Structure


def _network() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+", verbose_name="réseau")


def _user(verbose: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=verbose
    )


class MandateQuerySet(models.QuerySet["Mandate"]):
    def on(self, day: date) -> "MandateQuerySet":
        """Keep those whose dates hold a day: one at most in a network."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Mandate(models.Model):
    """A term of the network's elected officials, between two elections. What is said in it stays in it."""

    network = _network()
    name = models.CharField("nom", max_length=120)
    starts_on = models.DateField("commence le")
    ends_on = models.DateField("se termine le", null=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "name"], name="mandate_name_once_per_network"),
            models.UniqueConstraint(fields=["network"], condition=Q(ends_on=None), name="one_open_mandate_per_network"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="mandate_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, day: date) -> bool:
        """Say whether a day is one of its days."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class BodyKind(models.TextChoices):
    GENERAL_ASSEMBLY = "general_assembly", "assemblée générale"
    BOARD = "board", "conseil d’administration"
    BUREAU = "bureau", "bureau"
    WORKING_GROUP = "working_group", "groupe de travail"
    RESOURCE_GROUP = "resource_group", "groupe ressources"
    LOCAL_COMMITTEE = "local_committee", "comité local pour l’emploi"
    DEPARTMENTAL_COMMITTEE = "departmental_committee", "comité départemental pour l’emploi"


# the employment committees of 2024, which have a territory of their own
COMMITTEES = (BodyKind.LOCAL_COMMITTEE.value, BodyKind.DEPARTMENTAL_COMMITTEE.value)
# those whose decision validates an axis
VALIDATING = (BodyKind.BOARD.value, BodyKind.GENERAL_ASSEMBLY.value)


class ThemeQuerySet(models.QuerySet["Theme"]):
    def renewed(self) -> dict[int, int]:
        """Return the key of each theme these renew, mandate after mandate, with that of the one among these it leads to."""
        found: dict[int, int] = {}
        reached = {former: pk for pk, former in self.values_list("pk", "former") if former is not None}
        while reached:
            found |= reached
            further = self.model._default_manager.filter(pk__in=list(reached)).values_list("pk", "former")
            reached = {former: reached[pk] for pk, former in further if former is not None}
        return found


class Theme(models.Model):
    """What several concerns speak of, named by the head of the network. A concern keeps its own words under it."""

    network = _network()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="themes", verbose_name="mandat")
    name = models.CharField("nom", max_length=120)
    summary = models.TextField("ce que disent les préoccupations", max_length=1000, blank=True)
    created_at = models.DateTimeField("créé le")
    created_by = _user("créé par")
    former = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="renewals", verbose_name="thème repris"
    )

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = "thème"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mandate", "name"], name="theme_name_once_per_mandate"),
            models.UniqueConstraint(fields=["mandate", "former"], name="theme_taken_up_once_per_mandate"),
        ]

    def __str__(self) -> str:
        return self.name


class Axis(models.Model):
    """One line of work of the network in a mandate. ``name`` and ``version`` are those in force; 0: only proposed so far."""

    network = _network()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="axes", verbose_name="mandat")
    rank = models.PositiveSmallIntegerField("rang")
    name = models.CharField("nom", max_length=160)
    version = models.PositiveSmallIntegerField("version en vigueur", default=0)
    validated_on = models.DateField("validé le", null=True)
    closed_on = models.DateField("clos le", null=True)
    former = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="renewals", verbose_name="axe reconduit"
    )

    class Meta:
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ["mandate", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mandate", "rank"], name="axis_rank_once_per_mandate"),
            models.CheckConstraint(
                condition=Q(version=0, validated_on=None) | Q(version__gt=0, validated_on__isnull=False),
                name="axis_in_force_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """A body where people of the network sit: it outlives mandates; who sits there is an ``Office``."""

    network = _network()
    kind = models.CharField("nature", max_length=24, choices=BodyKind)
    name = models.CharField("nom", max_length=160)
    purpose = models.TextField("objet", max_length=1000, blank=True)
    axis = models.ForeignKey(
        Axis, on_delete=models.PROTECT, null=True, related_name="bodies", verbose_name="axe travaillé"
    )
    places = models.JSONField("territoire", default=list)  # KIND:CODE, as coverages say them; empty: not said
    closed_on = models.DateField("fermée le", null=True)

    class Meta:
        verbose_name = "instance"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "name"], name="body_name_once_per_network"),
            models.CheckConstraint(condition=Q(kind__in=BodyKind.values), name="body_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class OfficeRole(models.TextChoices):
    PRESIDENT = "president", "présidence"
    VICE_PRESIDENT = "vice_president", "vice-présidence"
    TREASURER = "treasurer", "trésorerie"
    SECRETARY = "secretary", "secrétariat"
    LEAD_OFFICIAL = "lead_official", "élu référent ou élue référente"
    MEMBER = "member", "membre"
    TECHNICIAN = "technician", "appui technique"


class Gender(models.TextChoices):
    WOMAN = "woman", "femme"
    MAN = "man", "homme"
    OTHER = "other", "autre"


class OfficeQuerySet(models.QuerySet["Office"]):
    def on(self, day: date) -> "OfficeQuerySet":
        """Keep those held on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Office(models.Model):
    """The place a person holds in a body, or as lead official, between two days of one mandate."""

    network = _network()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="offices", verbose_name="mandat")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="offices", verbose_name="instance")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure membre"
    )
    user = _user("compte")
    full_name = models.CharField("nom complet", max_length=150)
    elected_as = models.CharField("mandat local", max_length=160, blank=True)  # « maire de … », in their own words
    gender = models.CharField("genre", max_length=5, choices=Gender, blank=True)
    role = models.CharField("fonction", max_length=16, choices=OfficeRole)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "fonction"
        ordering = ["full_name", "pk"]
        indexes = [models.Index(fields=["network", "mandate", "ends_on"], name="office_by_mandate")]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=OfficeRole.values), name="office_role_known"),
            models.CheckConstraint(condition=Q(gender__in=["", *Gender.values]), name="office_gender_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="office_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False) | Q(role=OfficeRole.LEAD_OFFICIAL), name="office_in_a_body_or_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.get_role_display()}"

    def holds(self, day: date) -> bool:
        """Say whether it is held on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Session(models.Model):
    """A meeting of a body: planned, then held or cancelled. Its minutes are its items, decisions and documents."""

    network = _network()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sessions", verbose_name="instance")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+", verbose_name="mandat")
    starts_at = models.DateTimeField("commence à")
    place = models.CharField("lieu", max_length=200, blank=True)
    held_at = models.DateTimeField("tenue, compte rendu arrêté le", null=True)
    cancelled_at = models.DateTimeField("annulée le", null=True)
    cancelled_for = models.CharField("raison de l’annulation", max_length=300, blank=True)

    class Meta:
        verbose_name = "séance"
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["network", "starts_at"], name="session_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_for="")
                | (Q(cancelled_at__isnull=False, held_at=None) & ~Q(cancelled_for="")),
                name="cancelled_session_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.starts_at:%d/%m/%Y}"


class AxisVersion(models.Model):
    """What an axis says from one validation to the next. Proposed, then validated by a body, or set aside."""

    network = _network()
    axis = models.ForeignKey(Axis, on_delete=models.CASCADE, related_name="versions", verbose_name="axe")
    number = models.PositiveSmallIntegerField("version")
    name = models.CharField("nom", max_length=160)
    statement = models.TextField("ce que le réseau veut", max_length=3000)
    reason = models.TextField("pourquoi", max_length=1000, blank=True)
    source = models.CharField("source", max_length=300, blank=True)
    themes = models.ManyToManyField(Theme, related_name="versions", verbose_name="thèmes d’où il vient")
    proposed_at = models.DateTimeField("proposée le")
    proposed_by = _user("proposée par")
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="instance qui a décidé"
    )
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="séance")
    decided_on = models.DateField("décidée le", null=True)
    validated = models.BooleanField("validée", null=True)
    decision = models.TextField("décision", max_length=1000, blank=True)

    class Meta:
        verbose_name = "version d’un axe"
        verbose_name_plural = "versions d’axes"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["axis", "number"], name="axis_version_once"),
            models.UniqueConstraint(
                fields=["axis"], condition=Q(decided_on=None), name="one_version_awaits_decision_per_axis"
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None, validated=None, decision="")
                | (Q(decided_on__isnull=False, validated__isnull=False) & ~Q(decision="")),
                name="axis_decision_has_its_date_and_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"


class ConcernState(models.TextChoices):
    WRITTEN = "written", "écrite"
    GATHERED = "gathered", "rangée dans un thème"
    CARRIED = "carried", "portée par un axe"
    ANSWERED = "answered", "suivie d’une décision"
    SET_ASIDE = "set_aside", "non retenue"
    WITHDRAWN = "withdrawn", "retirée par son auteur"


class Concern(models.Model):
    """What an elected official sees on the ground, in their words, at the mandate of the day."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    network = _network()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="concerns", verbose_name="mandat")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    author_name = models.CharField("nom de l’auteur ce jour-là", max_length=150)
    shows_name = models.BooleanField("nom visible des membres", default=False)
    places = models.JSONField("lieux", default=list)  # KIND:CODE, as coverages say them
    text = models.TextField("préoccupation", max_length=2000)
    evidence = models.TextField("éléments à l’appui", max_length=2000, blank=True)
    axis = models.ForeignKey(
        Axis, on_delete=models.PROTECT, null=True, related_name="concerns", verbose_name="axe indiqué"
    )
    wished_theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="thème indiqué"
    )
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="concerns", verbose_name="thème")
    state = models.CharField("état", max_length=10, choices=ConcernState, default=ConcernState.WRITTEN)
    written_at = models.DateTimeField("écrite le")

    class Meta:
        verbose_name = "préoccupation"
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(fields=["network", "-written_at", "-id"], name="concern_latest"),
            models.Index(fields=["network", "state"], name="concern_by_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConcernState.values), name="concern_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[ConcernState.GATHERED, ConcernState.CARRIED]) | Q(theme__isnull=False),
                name="gathered_concern_has_its_theme",
            ),
            models.CheckConstraint(
                condition=Q(state=ConcernState.WITHDRAWN) | ~Q(text=""), name="concern_has_its_words"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80] or f"préoccupation {self.pk}"


class NewsKind(models.TextChoices):
    GATHERED = "gathered", "rangée dans un thème"
    AXIS_PROPOSED = "axis_proposed", "un axe proposé s’appuie sur elle"
    AXIS_VALIDATED = "axis_validated", "un axe qui s’appuie sur elle est validé"
    AXIS_REFUSED = "axis_refused", "l’axe qui s’appuyait sur elle n’est pas validé"
    DISCUSSED = "discussed", "discutée en séance"
    DECIDED = "decided", "suivie d’une décision"
    SET_ASIDE = "set_aside", "non retenue"
    AXIS_CORRECTED = "axis_corrected", "la décision sur un axe qui s’appuie sur elle est corrigée"
    ERASED = "erased", "des mots qui désignaient quelqu’un sont effacés"


DECISIONS = (NewsKind.AXIS_VALIDATED.value, NewsKind.AXIS_REFUSED.value)  # of a body, on an axis


class ConcernNews(models.Model):
    """One thing that became of a concern, told to its author. ``read_at``: when they said they read it."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="news", verbose_name="préoccupation")
    kind = models.CharField("nature", max_length=14, choices=NewsKind)
    at = models.DateTimeField("le")
    words = models.TextField("ce qui est dit à l’auteur", max_length=1000, blank=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="thème")
    axis = models.ForeignKey(Axis, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="axe")
    version = models.ForeignKey(
        AxisVersion, on_delete=models.PROTECT, null=True, related_name="news", verbose_name="version de l’axe"
    )
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="séance")
    read_at = models.DateTimeField("lu le", null=True)

    class Meta:
        verbose_name = "suite d’une préoccupation"
        verbose_name_plural = "suites des préoccupations"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["structure"], condition=Q(read_at=None), name="concern_news_unread")]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(read_at__gte=F("at")), name="concern_news_read_after_told"
            ),
            models.CheckConstraint(condition=Q(kind__in=NewsKind.values), name="concern_news_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=[NewsKind.SET_ASIDE, NewsKind.DECIDED]) | ~Q(words=""),
                name="concern_outcome_has_its_words",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class AgendaItem(models.Model):
    """One point of a session: what is discussed, the concerns it starts from, the axis to decide on, what was said."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items", verbose_name="séance")
    rank = models.PositiveSmallIntegerField("rang")
    title = models.CharField("point", max_length=200)
    notes = models.TextField("ce qui a été dit", max_length=3000, blank=True)
    concerns = models.ManyToManyField(Concern, related_name="items", verbose_name="préoccupations discutées")
    version = models.ForeignKey(
        AxisVersion, on_delete=models.PROTECT, null=True, related_name="items", verbose_name="axe à faire valider"
    )

    class Meta:
        verbose_name = "point d’ordre du jour"
        verbose_name_plural = "points d’ordre du jour"
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "rank"], name="agenda_rank_once")]

    def __str__(self) -> str:
        return self.title


class Presence(models.TextChoices):
    PRESENT = "present", "présent ou présente"
    REPRESENTED = "represented", "représenté ou représentée"
    EXCUSED = "excused", "excusé ou excusée"
    ABSENT = "absent", "absent ou absente"


class Attendance(models.Model):
    """Whether somebody who sits in the body came to a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance", verbose_name="séance")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name="fonction")
    presence = models.CharField("présence", max_length=12, choices=Presence)

    class Meta:
        verbose_name = "présence"
        ordering = ["office__full_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "office"], name="attendance_once"),
            models.CheckConstraint(condition=Q(presence__in=Presence.values), name="presence_known"),
        ]

    def __str__(self) -> str:
        return f"{self.office}\u00a0: {self.get_presence_display()}"


class Attendee(models.Model):
    """Who came to a session without sitting in its body: a member structure at a general assembly, or a guest by name.

    ``full_name`` of a structure: who came for it, or who it is represented by, when it is known.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendees", verbose_name="séance")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure membre"
    )
    full_name = models.CharField("nom complet", max_length=150, blank=True)
    function = models.CharField("fonction", max_length=160, blank=True)
    presence = models.CharField("présence", max_length=12, choices=Presence)

    class Meta:
        verbose_name = "présence hors instance"
        verbose_name_plural = "présences hors instance"
        ordering = ["structure__name", "full_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "structure"], name="structure_attends_once"),
            models.CheckConstraint(
                condition=Q(structure__isnull=False, function="") | (Q(structure=None) & ~Q(full_name="")),
                name="attendee_is_a_member_or_a_guest",
            ),
            models.CheckConstraint(condition=Q(presence__in=Presence.values), name="attendee_presence_known"),
        ]

    def __str__(self) -> str:
        return f"{self.structure or self.full_name}\u00a0: {self.get_presence_display()}"


class Decision(models.Model):
    """What a session decided; never rewritten once the session is held."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="decisions", verbose_name="séance")
    number = models.PositiveSmallIntegerField("numéro")
    text = models.TextField("décision", max_length=1000)
    concerns = models.ManyToManyField(Concern, related_name="decisions", verbose_name="préoccupations concernées")

    class Meta:
        verbose_name = "décision"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="decision_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="decision_has_its_words"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class SessionDocument(models.Model):
    """A file of a session: convocation, minutes, material."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="documents", verbose_name="séance")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="fichier")
    title = models.CharField("intitulé", max_length=160)

    class Meta:
        verbose_name = "document de séance"
        verbose_name_plural = "documents de séance"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Corrected(models.TextChoices):
    ITEM = "item", "point"
    DECISION = "decision", "décision"
    DOCUMENT = "document", "document"
    OFFICE = "office", "fonction"
    MANDATE = "mandate", "mandat"
    AXIS = "axis", "décision sur un axe"


class Erratum(models.Model):
    """What was written before somebody corrected or removed it: a point, a decision, a document, an office, a mandate, the decision on an axis."""

    network = _network()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+", verbose_name="mandat")
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, related_name="corrections", verbose_name="séance"
    )
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, related_name="corrections", verbose_name="instance"
    )
    version = models.ForeignKey(
        AxisVersion, on_delete=models.PROTECT, null=True, related_name="corrections", verbose_name="version de l’axe"
    )
    what = models.CharField("nature", max_length=8, choices=Corrected)
    before = models.TextField("ce qui était écrit", max_length=1500)
    after = models.TextField("ce qui l’est maintenant", max_length=1500, blank=True)  # empty: removed
    reason = models.CharField(
        "pourquoi", max_length=300, blank=True
    )  # asked of a mandate and of the decision on an axis
    at = models.DateTimeField("le")
    by = _user("par")

    class Meta:
        verbose_name = "correction"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(what__in=Corrected.values), name="correction_kind_known")]

    def __str__(self) -> str:
        return f"{self.get_what_display()}\u00a0: {self.before[:60]}"

    @property
    def is_feminine(self) -> bool:
        """Say how the French word for what was corrected agrees."""
        return self.what in {Corrected.DECISION, Corrected.OFFICE, Corrected.AXIS}
