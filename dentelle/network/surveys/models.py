from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Network, Structure
from dentelle.rules.questionnaires import KINDS


class OptionsField(models.JSONField):
    """Value → words, kept as pairs: a database may give the keys of a mapping back in another order."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return dict(found) if isinstance(found, list) else found

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        pairs = [list(pair) for pair in value.items()] if isinstance(value, dict) else value
        return super().get_db_prep_value(pairs, connection, prepared)


class Questionnaire(models.Model):
    """What is asked. A draft until ``published_at``; from then on it does not change: a change is the next version of its
    ``code``, one draft at a time.

    ``blocks``: parts in order, {code, title, intro, most: how many times it may be answered, item: what one time is called}.
    ``checks``: what must hold together (``rules.surveys.Check`` as mappings).
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+", verbose_name="réseau")
    code = models.SlugField("identifiant court", max_length=40)
    version = models.PositiveIntegerField("version", default=1)
    title = models.CharField("titre", max_length=200)
    intro = models.TextField("présentation", max_length=2_000, blank=True)
    source = models.TextField("source", max_length=500, blank=True)
    blocks = models.JSONField("parties", default=list)
    checks = models.JSONField("contrôles", default=list)
    created_at = models.DateTimeField("créé le")
    published_at = models.DateTimeField("publié le", null=True)

    class Meta:
        verbose_name = "questionnaire"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["network", "code", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(
                fields=["network", "code"], condition=Q(published_at=None), name="one_draft_per_questionnaire"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class Question(models.Model):
    """One question. ``options``: value → words. ``only_if``: {question, values} that must have been answered for it to be
    asked. ``sheet_field``: the field of a practice sheet its answer fills. ``identifies``: its answer says whose it is, so that
    an anonymous campaign does not ask it and the network never reads it."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="questions", verbose_name="questionnaire"
    )
    rank = models.PositiveIntegerField("rang")
    code = models.SlugField("identifiant court", max_length=40)
    block = models.SlugField("partie", max_length=40)
    label = models.CharField("question", max_length=300)
    help = models.CharField("aide", max_length=300, blank=True)
    kind = models.CharField("nature", max_length=10, choices=list(KINDS.items()))
    unit = models.CharField("unité", max_length=20, blank=True)
    required = models.BooleanField("à répondre", default=False)
    options = OptionsField("réponses possibles", default=dict)
    only_if = models.JSONField("posée seulement si", default=dict)
    sheet_field = models.CharField("champ de fiche", max_length=40, blank=True)
    identifies = models.BooleanField("dit de qui vient la réponse", default=False)

    class Meta:
        verbose_name = "question"
        ordering = ["questionnaire", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="question_kind_known"),
        ]

    def __str__(self) -> str:
        return self.label


class CampaignState(models.TextChoices):
    DRAFT = "draft", "en préparation"
    OPEN = "open", "ouverte"
    CLOSED = "closed", "close"


class Campaign(models.Model):
    """A questionnaire asked to some people between two days. ``anonymous``: an answer sent says nothing of who sent it.

    ``closes_on`` is the day that was told, ``closed_on`` the day it was closed, by somebody or by the clock.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+", verbose_name="réseau")
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="campaigns", verbose_name="questionnaire"
    )
    title = models.CharField("titre", max_length=200)
    year = models.PositiveSmallIntegerField("année", null=True)
    closes_on = models.DateField("dernier jour pour répondre")
    anonymous = models.BooleanField("anonyme", default=False)
    remind_days = models.PositiveSmallIntegerField("relance avant la fin (jours)", default=7)
    state = models.CharField("état", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    opened_on = models.DateField("ouverte le", null=True)
    closed_on = models.DateField("close le", null=True)
    reopened_because = models.CharField("rouverte parce que", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="créée par"
    )
    created_at = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "campagne d’enquête"
        verbose_name_plural = "campagnes d’enquête"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["network", "state", "closes_on"], name="campaign_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
            models.CheckConstraint(
                condition=Q(state=CampaignState.DRAFT) | Q(opened_on__isnull=False),
                name="open_campaign_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(opened_on=None) | Q(closes_on__gte=F("opened_on")), name="campaign_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state=CampaignState.CLOSED, closed_on__isnull=False)
                | (~Q(state=CampaignState.CLOSED) & Q(closed_on__isnull=True)),
                name="closed_campaign_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RespondentKind(models.TextChoices):
    PLIE = "plie", "PLIE"
    MAISON_EMPLOI = "maison_emploi", "maison de l’emploi"
    EPCI = "epci", "collectivité, intercommunalité"
    BUYER = "buyer", "acheteur, donneur d’ordre"
    COMPANY = "company", "entreprise"
    SIAE = "siae", "structure d’insertion"
    EMPLOYMENT_SERVICE = "employment_service", "service public de l’emploi"
    ASSOCIATION = "association", "association"
    OTHER = "other", "autre"


class Invitee(models.Model):
    """Somebody asked to answer: a structure of the network in its space, or an address behind a link.

    ``answered_on`` says that they did; of an anonymous campaign, nothing says what. An address forgotten leaves its line,
    so that coverage still counts it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitees", verbose_name="campagne")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    email = models.EmailField("adresse électronique", blank=True)
    link = models.ForeignKey(MagicLink, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="lien")
    kind = models.CharField("type", max_length=20, choices=RespondentKind, default=RespondentKind.OTHER)
    region_code = models.CharField("région", max_length=3, blank=True)
    invited_at = models.DateTimeField("invité le")
    reminded_at = models.DateTimeField("relancé le", null=True)
    answered_on = models.DateField("a répondu le", null=True)

    class Meta:
        verbose_name = "personne ou structure invitée"
        verbose_name_plural = "personnes et structures invitées"
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "structure"], name="structure_invited_once"),
            models.UniqueConstraint(fields=["campaign", "email"], condition=~Q(email=""), name="address_invited_once"),
            models.CheckConstraint(condition=Q(kind__in=RespondentKind.values), name="invitee_kind_known"),
            models.CheckConstraint(
                condition=Q(structure=None) | Q(email=""), name="invitee_is_a_structure_or_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.email or str(self.structure or "adresse oubliée")


class ResponseState(models.TextChoices):
    DRAFT = "draft", "en cours"
    RETURNED = "returned", "à reprendre"
    SUBMITTED = "submitted", "envoyée"
    CHECKED = "checked", "vérifiée"


class Response(models.Model):
    """What one invitee answers. Sent in an anonymous campaign, ``invitee`` and ``structure`` are gone: only the kind and the
    region stay. ``comment`` explains what looks doubtful; ``returned`` says what the head asks to mend.

    Once sent, its answers are those of ``version``: they count until it is sent again. Changes wait in ``working``, as
    [code, time, value] of the whole answer; None when there are none. ``former``: the versions before, oldest first, as
    {version, sent_on, comment, answers}.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="responses", verbose_name="campagne")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    invitee = models.OneToOneField(
        Invitee, on_delete=models.SET_NULL, null=True, related_name="response", verbose_name="invité"
    )
    kind = models.CharField("type", max_length=20, choices=RespondentKind, default=RespondentKind.OTHER)
    region_code = models.CharField("région", max_length=3, blank=True)
    state = models.CharField("état", max_length=10, choices=ResponseState, default=ResponseState.DRAFT)
    saved_at = models.DateTimeField("enregistrée le", null=True)
    submitted_on = models.DateField("envoyée le", null=True)
    comment = models.TextField("explication", max_length=1_000, blank=True)
    returned = models.TextField("ce qui est à reprendre", max_length=1_000, blank=True)
    version = models.PositiveSmallIntegerField("version envoyée", default=0)
    working = models.JSONField("changements à envoyer", null=True)
    former = models.JSONField("versions envoyées avant", default=list)

    class Meta:
        verbose_name = "réponse à une enquête"
        verbose_name_plural = "réponses aux enquêtes"
        ordering = ["campaign", "pk"]
        indexes = [models.Index(fields=["campaign", "state"], name="response_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ResponseState.values), name="response_state_known"),
            models.CheckConstraint(
                condition=Q(state=ResponseState.DRAFT, version=0, working__isnull=True)
                | (~Q(state=ResponseState.DRAFT) & Q(version__gte=1)),
                name="sent_response_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"réponse {self.pk}"


class Answer(models.Model):
    """What was answered to one question. ``occurrence``: which time, from 1, in a part answered several times."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers", verbose_name="réponse")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", verbose_name="question")
    occurrence = models.PositiveSmallIntegerField("occurrence", default=1)
    value = models.JSONField("valeur")

    class Meta:
        verbose_name = "élément de réponse"
        verbose_name_plural = "éléments de réponse"
        ordering = ["response", "question", "occurrence"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "occurrence"], name="one_answer_per_question_and_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} : {self.value}"
