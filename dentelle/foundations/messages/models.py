import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from dentelle.foundations.organisations.models import Structure


class MessageKind(models.TextChoices):
    IMMEDIATE = "immediate", "envoi immédiat"
    DIGEST = "digest", "récapitulatif quotidien"


class MessageState(models.TextChoices):
    WAITING = "waiting", "à envoyer"
    SENDING = "sending", "en cours d’envoi"
    SENT = "sent", "envoyé"
    FAILED = "failed", "non envoyé"


class Message(models.Model):
    """One e-mail of the outbox. ``uuid`` makes its Message-ID: what comes back (a bounce) names it."""

    uuid = models.UUIDField("identifiant", primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="compte"
    )
    kind = models.CharField("nature", max_length=20, choices=MessageKind.choices)
    template = models.CharField("modèle", max_length=100)
    to = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte", blank=True)
    html = models.TextField("texte mis en forme", blank=True)
    headers = models.JSONField("en-têtes", default=dict)
    state = models.CharField("état", max_length=20, choices=MessageState.choices, default=MessageState.WAITING)
    created_at = models.DateTimeField("écrit le")
    next_try_at = models.DateTimeField("prochain essai", null=True)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    sent_at = models.DateTimeField("envoyé le", null=True)
    failure = models.CharField("raison de l’échec", max_length=300, blank=True)

    class Meta:
        verbose_name = "courriel"
        ordering = ["-created_at", "uuid"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="mail_to_try")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="message_kind_known"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="failed_message_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
