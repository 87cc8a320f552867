import uuid

from django.conf import settings
from django.db import models

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Structure


class JobState(models.TextChoices):
    QUEUED = "queued", "en attente"
    RUNNING = "running", "en cours"
    DONE = "done", "terminé"
    FAILED = "failed", "échoué"
    CANCELLED = "cancelled", "annulé"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class Job(models.Model):
    """One piece of background work asked by a person for a structure."""

    uuid = models.UUIDField("identifiant", primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="demandé par"
    )
    kind = models.CharField("nature", max_length=60)
    arguments = models.JSONField("arguments", default=dict)
    state = models.CharField("état", max_length=20, choices=JobState.choices, default=JobState.QUEUED)
    step = models.CharField("étape", max_length=120, blank=True)
    done = models.BigIntegerField("fait", default=0)
    total = models.BigIntegerField("à faire", null=True)  # None: not known yet
    safe_so_far = models.CharField("déjà acquis", max_length=300, blank=True)
    report = models.JSONField("compte rendu", default=dict)
    error = models.CharField("ce qui n’a pas marché", max_length=500, blank=True)
    files = models.ManyToManyField(StoredFile, related_name="+", verbose_name="fichiers produits")
    task_id = models.UUIDField("tâche", null=True)
    created_at = models.DateTimeField("demandé le")
    started_at = models.DateTimeField("commencé le", null=True)
    finished_at = models.DateTimeField("terminé le", null=True)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True)
    cancel_requested_at = models.DateTimeField("annulation demandée le", null=True)

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=UNFINISHED, finished_at=None)
                | (~models.Q(state__in=UNFINISHED) & models.Q(finished_at__isnull=False)),
                name="job_finished_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(fields=["structure", "-created_at"], name="job_by_structure"),
            models.Index(fields=["heartbeat_at"], name="job_running", condition=models.Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class DutyRun(models.Model):
    """When a duty of the clock last ran: what lets two clocks share the work without doing it twice."""

    name = models.CharField("devoir", max_length=120, unique=True)
    started_at = models.DateTimeField("dernier départ", null=True)
    finished_at = models.DateTimeField("dernière fin", null=True)
    outcome = models.CharField("dernier résultat", max_length=200, blank=True)

    class Meta:
        verbose_name = "passage de l’horloge"
        verbose_name_plural = "passages de l’horloge"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
