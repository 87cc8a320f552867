from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dentelle.foundations.organisations.models import Membership, Structure


class ApiToken(models.Model):
    """A key by which a program acts for a structure. Only its fingerprint is kept.

    ``membership`` is that of who made it: when it ends the token is dead for good, even if the person comes back.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    membership = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="appartenance"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="créé par"
    )
    name = models.CharField("nom", max_length=80)
    scopes = models.JSONField("droits", default=list)
    token_hash = models.CharField("empreinte", max_length=64, unique=True)
    # the last letters, so that people tell tokens apart
    ending = models.CharField("fin", max_length=4)
    created_at = models.DateTimeField("créé le")
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("révoqué le", null=True)
    # the day is enough to see that a token sleeps, and costs one write a day
    last_used_on = models.DateField("dernier usage le", null=True)

    class Meta:
        verbose_name = "jeton d’accès"
        verbose_name_plural = "jetons d’accès"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["structure", "-created_at"], name="api_token_by_structure")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(name=""), name="token_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SentRequest(models.Model):
    """What was answered to a request that carried an idempotency key: the same request gets the same answer, and acts once."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+", verbose_name="jeton")
    key = models.CharField("clé d’idempotence", max_length=100)
    fingerprint = models.CharField("empreinte de la demande", max_length=64)
    status = models.PositiveSmallIntegerField("code de la réponse", default=0)
    headers = models.JSONField("en-têtes de la réponse", default=dict)
    body = models.TextField("corps de la réponse", blank=True)
    sent_at = models.DateTimeField("envoyée le")

    class Meta:
        verbose_name = "demande d’un programme"
        verbose_name_plural = "demandes d’un programme"
        ordering = ["-sent_at", "pk"]
        indexes = [models.Index(fields=["sent_at"], name="sent_request_by_age")]
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="request_acts_once_per_key")]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M} {self.key}"
