"""How many jobs wait or run, for the menu of every page: read along with the membership, of the same jobs as ``access`` shows."""

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from dentelle.foundations.jobs.models import UNFINISHED, Job
from dentelle.foundations.organisations.hats import read_along
from dentelle.foundations.organisations.models import Role


def _running() -> Combinable:
    everyone = Job.objects.filter(structure=OuterRef("structure"), state__in=UNFINISHED).order_by()
    own = everyone.filter(started_by=OuterRef("user"))
    return Case(When(role=Role.ELECTED_OFFICIAL, then=_count(own)), default=_count(everyone))


def _count(jobs: QuerySet[Job]) -> Combinable:
    counted = jobs.values("structure").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


read_along("running_jobs", _running)
