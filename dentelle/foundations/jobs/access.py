"""The only way to jobs: members of a structure see the work asked for it."""

from django.db.models import QuerySet

from dentelle.foundations.jobs import registry
from dentelle.foundations.jobs.models import Job
from dentelle.foundations.organisations.models import Membership, Role


def jobs_visible_to(membership: Membership) -> QuerySet[Job]:
    """The work asked for the structure; an elected official, who stands outside its daily work, sees their own."""
    jobs = Job.objects.filter(structure=membership.structure_id)
    return jobs.filter(started_by=membership.user_id) if membership.role == Role.ELECTED_OFFICIAL else jobs


def jobs_stoppable_by(membership: Membership) -> QuerySet[Job]:
    """Jobs this person may cancel: their own, and those of the whole structure for whoever manages it."""
    jobs = jobs_visible_to(membership)
    return jobs if membership.role == Role.MANAGER else jobs.filter(started_by=membership.user_id)


def jobs_retriable_by(membership: Membership) -> QuerySet[Job]:
    """Jobs this person may ask again: those they may cancel, of a kind their role of today may ask for."""
    return jobs_stoppable_by(membership).exclude(kind__in=registry.closed_to(membership.role))
