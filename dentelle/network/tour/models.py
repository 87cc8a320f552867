from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.documents.sniff import IMAGES
from dentelle.foundations.organisations.models import Membership, Network, NetworkSeat, Structure
from dentelle.network.governance.models import Concern
from dentelle.network.surveys.models import Campaign
from dentelle.network.tour.hours import clock
from dentelle.network.tour.regions import REGIONS, region_name
from dentelle.network.tour.vocabulary import THEMES, Audience, Corrected, RegistrationState, StageState, Stakeholder
from dentelle.rules.wording import day as in_full

# what a meeting lasts when its end was not said
USUAL = timedelta(hours=3)


def _network() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+", verbose_name="réseau")


def _user(verbose: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=verbose
    )


def _structure(verbose: str = "structure") -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=verbose)


class Tour(models.Model):
    """A series of stages with one aim, between two days. ``source`` says where facts come from when they were read somewhere.

    ``synthesis_at``: since when anyone reads what its told stages add up to.
    """

    network = _network()
    name = models.CharField("nom", max_length=160)
    aim = models.TextField("but", max_length=1_000)
    starts_on = models.DateField("commence le")
    ends_on = models.DateField("se termine le")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enquête préalable"
    )
    source = models.CharField("source", max_length=500, blank=True)
    synthesis_at = models.DateTimeField("synthèse publiée le", null=True)
    created_at = models.DateTimeField("créé le")
    created_by = _user("créé par")

    class Meta:
        verbose_name = "tour des régions"
        verbose_name_plural = "tours des régions"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "name"], name="tour_name_once_per_network"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="tour_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """One meeting of a Tour, in one region. Hours are those of the clocks there.

    ``uid`` and ``sequence`` are those of its event in calendars: the first never changes, the second grows with each change
    people who noted it must know. ``attendance_at``: when who came was noted. ``lessons``: what it taught, in a few sentences.
    """

    network = _network()
    tour = models.ForeignKey(Tour, on_delete=models.PROTECT, related_name="stages", verbose_name="tour")
    region_code = models.CharField("région", max_length=3)
    title = models.CharField("titre", max_length=160)
    summary = models.TextField("présentation", max_length=1_000, blank=True)
    day = models.DateField("jour", null=True)
    begins = models.TimeField("commence à", null=True)
    finishes = models.TimeField("se termine à", null=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    address = models.CharField("adresse", max_length=300, blank=True)
    host = _structure("structure qui accueille")
    capacity = models.PositiveIntegerField("places", null=True)
    last_day = models.DateField("dernier jour pour s’inscrire", null=True)
    audience = models.CharField("ouverte à", max_length=7, choices=Audience, default=Audience.PUBLIC)
    state = models.CharField("état", max_length=9, choices=StageState, default=StageState.DRAFT)
    uid = models.UUIDField("identifiant dans les agendas", default=uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField("modifications annoncées", default=0)
    changed_at = models.DateTimeField("modifiée le")
    announced_at = models.DateTimeField("annoncée le", null=True)
    attendance_at = models.DateTimeField("présences notées le", null=True)
    lessons = models.TextField("ce que l’étape a appris", max_length=1_500, blank=True)
    reported_at = models.DateTimeField("racontée le", null=True)
    cancelled_at = models.DateTimeField("annulée le", null=True)
    cancel_reason = models.TextField("pourquoi elle est annulée", max_length=500, blank=True)

    class Meta:
        verbose_name = "étape du Tour"
        verbose_name_plural = "étapes du Tour"
        ordering = [F("day").asc(nulls_last=True), "begins", "pk"]
        indexes = [models.Index(fields=["network", "state", "day"], name="stage_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(region_code__in=list(REGIONS)), name="stage_region_known"),
            models.CheckConstraint(condition=Q(state__in=StageState.values), name="stage_state_known"),
            models.CheckConstraint(condition=Q(audience__in=["public", "members"]), name="stage_audience_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "known", "cancelled"])
                | Q(day__isnull=False, announced_at__isnull=False),
                name="announced_stage_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancel_reason="")
                | ~Q(state="cancelled") & Q(cancelled_at=None, cancel_reason=""),
                name="cancelled_stage_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_at__isnull=False, attendance_at__isnull=False),
                name="reported_stage_has_its_attendance",
            ),
            models.CheckConstraint(
                condition=Q(finishes=None) | Q(begins=None) | Q(finishes__gt=F("begins")),
                name="stage_finishes_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1), name="stage_has_places"),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(day=None) | Q(last_day__lte=F("day")),
                name="registration_ends_before_the_stage",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def region(self) -> str:
        """Return the name of its region."""
        return region_name(self.region_code)

    @property
    def hour(self) -> str:
        """Return when it begins as it is written, empty while it is not known."""
        return clock(self.begins)

    @property
    def starts_at(self) -> datetime | None:
        """Return when it begins, at the clocks of its region; None while its day or its hour is not known."""
        return self._moment(self.begins)

    @property
    def ends_at(self) -> datetime | None:
        """Return when it ends; a few hours after it begins when nobody said."""
        if self.begins is not None and self.finishes is None:
            started = self._moment(self.begins)
            return started + USUAL if started else None
        return self._moment(self.finishes)

    def has_come(self, at: datetime) -> bool:
        """Say whether it has begun: at its hour, at the first minute of its day when the hour is not known."""
        started = self._moment(self.begins or time.min)
        return started is not None and started <= at

    def takes_registrations(self, at: datetime) -> bool:
        """Say whether one may still register: announced, not begun, its last day not past."""
        if self.state != StageState.ANNOUNCED or self.has_come(at):
            return False
        return self.last_day is None or at.astimezone(REGIONS[self.region_code].clock).date() <= self.last_day

    def _moment(self, hour: time | None) -> datetime | None:
        if self.day is None or hour is None:
            return None
        return datetime.combine(self.day, hour, tzinfo=REGIONS[self.region_code].clock)


class StageCorrection(models.Model):
    """What was written of a stage that took place before its head corrected it, and why; readers see what, when and why.

    ``withdrawn_on``: the day its former and new words were erased because they named somebody; that it was corrected stays.
    """

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="corrections", verbose_name="étape")
    what = models.CharField("nature", max_length=9, choices=Corrected)
    before = models.TextField("ce qui était écrit", blank=True)
    after = models.TextField("ce qui l’est maintenant", blank=True)
    reason = models.CharField("pourquoi", max_length=300)
    at = models.DateTimeField("le")
    by = _user("par")
    withdrawn_on = models.DateField("mots retirés le", null=True)

    class Meta:
        verbose_name = "correction d’étape"
        verbose_name_plural = "corrections d’étape"
        ordering = ["-at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=Corrected.values), name="stage_correction_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="stage_correction_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(before="", after=""), name="withdrawn_correction_keeps_no_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}\u00a0: {self.before[:60]}"


class ProgrammeItem(models.Model):
    """One item of the programme of a stage, and who speaks."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="programme", verbose_name="étape")
    rank = models.PositiveSmallIntegerField("rang")
    hour = models.TimeField("à", null=True)
    title = models.CharField("intitulé", max_length=200)
    speaker = models.CharField("qui intervient", max_length=150, blank=True)
    speaker_role = models.CharField("fonction", max_length=150, blank=True)
    organisation = models.CharField("organisme", max_length=150, blank=True)

    class Meta:
        verbose_name = "point du programme"
        verbose_name_plural = "points du programme"
        ordering = ["stage", "rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["stage", "rank"], name="programme_rank_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def clock(self) -> str:
        """Return its hour as it is written, empty without one."""
        return clock(self.hour)

    @property
    def who(self) -> str:
        """Return who speaks, with function and organisation as far as they are known."""
        return ", ".join(filter(None, (self.speaker, self.speaker_role, self.organisation)))

    @property
    def line(self) -> str:
        """Return the whole item in one line, as corrections and reports tell it."""
        hour = f"{self.clock}\u00a0: " if self.hour else ""
        return f"{hour}{self.title}{f' ({self.who})' if self.who else ''}"


class Registration(models.Model):
    """Somebody who comes to a stage, or came without having said so (``registered_at`` is then None).

    ``forgotten_on``: the day the name, address and organisation were erased; the kind and the presence stay, to be counted.
    """

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="registrations", verbose_name="étape")
    structure = _structure()
    user = _user("compte")
    full_name = models.CharField("nom complet", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", blank=True)  # lower case
    organisation = models.CharField("organisme", max_length=150, blank=True)
    kind = models.CharField("vient comme", max_length=20, choices=Stakeholder, default=Stakeholder.OTHER)
    state = models.CharField("état", max_length=9, choices=RegistrationState, default=RegistrationState.CONFIRMED)
    registered_at = models.DateTimeField("inscription le", null=True)
    attended = models.BooleanField("est venu ou venue", null=True)
    forgotten_on = models.DateField("données effacées le", null=True)

    class Meta:
        verbose_name = "inscription à une étape"
        verbose_name_plural = "inscriptions aux étapes"
        ordering = ["stage", "registered_at", "pk"]
        indexes = [models.Index(fields=["stage", "state", "registered_at"], name="registration_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Stakeholder.values), name="registration_kind_known"),
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_known"),
            models.UniqueConstraint(fields=["stage", "user"], name="person_registered_once"),
            # one mailbox serves several people of a town hall: an address and a name make one person
            models.UniqueConstraint(
                "stage", "email", Lower("full_name"), condition=~Q(email=""), name="address_and_name_registered_once"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_on=None) | Q(full_name="", email="", organisation="", user=None),
                name="forgotten_registration_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or "personne sans nom"


class StageDocument(models.Model):
    """A file of a stage: slides, attendance sheet, photographs of the boards. ``alt`` says what an image shows to who cannot see it."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="documents", verbose_name="étape")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="fichier")
    title = models.CharField("intitulé", max_length=160)
    alt = models.CharField("ce que montre l’image", max_length=300, blank=True)
    audience = models.CharField("lu par", max_length=7, choices=Audience, default=Audience.MEMBERS)
    added_at = models.DateTimeField("joint le")

    class Meta:
        verbose_name = "document d’étape"
        verbose_name_plural = "documents d’étape"
        ordering = ["stage", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="stage_document_audience_known")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_image(self) -> bool:
        """Say whether a page shows it."""
        return self.file.media_type in IMAGES


class Need(models.Model):
    """What somebody asked for at a stage, in their words; who they are is only their kind.

    ``withdrawn_on``: the day its words were erased because they named somebody; the need itself stays counted.
    """

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="needs", verbose_name="étape")
    structure = _structure("structure qui l’a noté")
    kind = models.CharField("dit par", max_length=20, choices=Stakeholder)
    words = models.TextField("besoin", max_length=600)
    theme = models.CharField("thème", max_length=20, blank=True)
    noted_by = _user("noté par")
    noted_at = models.DateTimeField("noté le")
    withdrawn_on = models.DateField("mots retirés le", null=True)

    class Meta:
        verbose_name = "besoin exprimé"
        verbose_name_plural = "besoins exprimés"
        ordering = ["stage", "kind", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Stakeholder.values), name="need_kind_known"),
            models.CheckConstraint(condition=Q(theme__in=["", *THEMES]), name="need_theme_known"),
            models.CheckConstraint(
                condition=~Q(words="") & Q(withdrawn_on=None) | Q(words="", withdrawn_on__isnull=False),
                name="need_has_its_words_or_the_day_they_went",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def theme_label(self) -> str:
        return THEMES.get(self.theme, "")


class Finding(models.Model):
    """What a stage taught, stated by the head of the network: sheets begin from it, concerns carry it, the white paper cites it.

    Sheets are those whose origin it is (``practices``); concerns are officials' own words about it. ``withdrawn_on``: the day
    its words were erased because they named somebody; what was made of it still says which stage it comes from.
    """

    network = _network()
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="findings", verbose_name="étape")
    text = models.TextField("constat", max_length=600)
    theme = models.CharField("thème", max_length=20, blank=True)
    needs = models.ManyToManyField(Need, related_name="findings", verbose_name="besoins dont il vient")
    concerns = models.ManyToManyField(Concern, related_name="+", verbose_name="préoccupations qui le portent")
    stated_at = models.DateTimeField("établi le")
    stated_by = _user("établi par")
    withdrawn_on = models.DateField("mots retirés le", null=True)

    class Meta:
        verbose_name = "constat du Tour"
        verbose_name_plural = "constats du Tour"
        ordering = ["stage", "pk"]
        indexes = [models.Index(fields=["network", "-stated_at"], name="finding_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(theme__in=["", *THEMES]), name="finding_theme_known"),
            models.CheckConstraint(
                condition=~Q(text="") & Q(withdrawn_on=None) | Q(text="", withdrawn_on__isnull=False),
                name="finding_has_its_words_or_the_day_they_went",
            ),
        ]

    def __str__(self) -> str:
        return self.told[:80]

    @property
    def told(self) -> str:
        """Return its words, or that they were withdrawn."""
        return f"Constat retiré le {in_full(self.withdrawn_on)}" if self.withdrawn_on else self.text

    @property
    def theme_label(self) -> str:
        return THEMES.get(self.theme, "")


class CalendarFeed(models.Model):
    """The secret address at which somebody's calendar reads the stages they may read; it dies with their place.

    Its address is signed, not kept (``calendars.token_of``): another feed, another address.
    """

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="appartenance"
    )
    seat = models.ForeignKey(
        NetworkSeat, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="siège de tête de réseau"
    )
    made_at = models.DateTimeField("créé le")
    closed_at = models.DateTimeField("fermé le", null=True)

    class Meta:
        verbose_name = "agenda personnel"
        verbose_name_plural = "agendas personnels"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(membership__isnull=False, seat=None) | Q(membership=None, seat__isnull=False),
                name="feed_is_of_a_place_or_a_seat",
            ),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(closed_at=None), name="one_open_feed_per_membership"
            ),
            models.UniqueConstraint(fields=["seat"], condition=Q(closed_at=None), name="one_open_feed_per_seat"),
        ]

    def __str__(self) -> str:
        return f"agenda {self.pk}"
