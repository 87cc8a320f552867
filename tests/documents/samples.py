from pathlib import Path
from tempfile import TemporaryDirectory

from dentelle.foundations.documents.actions import store_file
from dentelle.foundations.organisations.models import Membership
from tests.factories import NOW
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "preuve.txt"
        path.write_text("preuve", encoding="utf-8")
        stored = store_file(
            path,
            name="preuve.txt",
            media_type="text/plain",
            structure=membership.structure,
            actor=membership.user,
            at=NOW,
        )
    return {"documents:download": Sample({"uuid": stored.pk})}
