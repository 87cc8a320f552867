from datetime import timedelta

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.plans.actions import mark_followed
from tests.awaiting.cases import Made
from tests.factories import NOW
from tests.plans import making


def prepare(actor: Membership) -> Made:
    plan = making.written(actor, making.dropped(actor))
    line = plan.lines.get(reference="27-01")
    plan.lines.exclude(pk=line.pk).delete()
    return Made(NOW + timedelta(days=60), lambda: mark_followed(line, at=NOW))


CASES = {"plan.prepare": prepare}
