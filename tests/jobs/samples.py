from dentelle.foundations.jobs.actions import start_job
from dentelle.foundations.organisations.models import Membership
from tests.factories import NOW
from tests.jobs import sample_tasks  # noqa: F401 (declares the sample jobs)
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    job = start_job("sample.count", actor=membership.user, structure=membership.structure, at=NOW, up_to=1)
    of_job = Sample({"uuid": job.pk})
    return {f"jobs:{name}": of_job for name in ("detail", "progress", "cancel", "retry")}
