"""Delivery: at once by the worker, again by the clock."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from dentelle.foundations.jobs.clock import every
from dentelle.foundations.messages import delivery


@task()
def deliver_message(pk: str) -> None:
    """The first try, as soon as a worker is free."""
    delivery.deliver(pk, at=timezone.now())


@every(minutes=1)
def deliver_waiting(at: datetime) -> str:
    return f"{delivery.deliver_due(at)} courriels envoyés"


@every("daily 03:30")
def forget_old_messages(at: datetime) -> str:
    return f"{delivery.forget_old(at)} courriels anciens effacés"
