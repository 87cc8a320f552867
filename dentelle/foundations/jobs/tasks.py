"""The house's own duties."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from dentelle.foundations.documents.actions import purge_expired, scan_quarantined, sweep_orphans
from dentelle.foundations.jobs.actions import give_up_dead_jobs
from dentelle.foundations.jobs.clock import every
from dentelle.foundations.sent_forms.actions import forget_old
from dentelle.rules.wording import plural

TASK_ROWS_KEPT = timedelta(days=14)


@every(minutes=1)
def give_up_dead(at: datetime) -> str:
    return plural(give_up_dead_jobs(at), "travail arrêté sans un mot", "travaux arrêtés sans un mot")


@every(minutes=5)
def scan_files_again(at: datetime) -> str:
    return plural(scan_quarantined(at), "fichier sorti de quarantaine", "fichiers sortis de quarantaine")


@every("daily 03:00")
def clear_expired_sessions(at: datetime) -> str:
    deleted, _ = Session.objects.filter(expire_date__lt=at).delete()
    return plural(deleted, "session expirée effacée", "sessions expirées effacées")


@every("daily 03:10")
def purge_files(at: datetime) -> str:
    return ", ".join(
        (
            plural(purge_expired(at), "fichier arrivé à terme supprimé", "fichiers arrivés à terme supprimés"),
            plural(sweep_orphans(at), "fichier sans fiche effacé", "fichiers sans fiche effacés"),
        )
    )


@every("daily 03:20")
def prune_finished_tasks(at: datetime) -> str:
    """Rows of the queue only: the job, with its report, stays."""
    deleted, _ = DBTaskResult.objects.finished().filter(finished_at__lt=at - TASK_ROWS_KEPT).delete()
    return plural(deleted, "ligne de la file d’attente effacée", "lignes de la file d’attente effacées")


@every("daily 03:30")
def forget_sent_forms(at: datetime) -> str:
    return plural(forget_old(at), "formulaire envoyé oublié", "formulaires envoyés oubliés")
