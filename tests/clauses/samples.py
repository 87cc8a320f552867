from django.utils import timezone

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses import actions
from tests.clauses.making import saved
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    # the site judges the end of a link by the real clock
    now = timezone.now()
    calibration = saved(membership, at=now)
    share, token = actions.share_calibration(membership, calibration.pk, at=now)
    link = actions.send_calibration(
        membership, calibration.pk, email="acheteur@essai.example", site="https://essai.example/", at=now
    )
    of_calibration = Sample({"pk": calibration.pk})
    names = ("detail", "edit", "recompute", "duplicate", "note-pdf", "note-word", "share", "link-send")
    by_link = Sample({"token": token}, shared="whoever holds the link reads it")
    return {
        **{f"clauses:{name}": of_calibration for name in names},
        "clauses:share-revoke": Sample({"pk": calibration.pk, "share_pk": share.pk}),
        "clauses:link-close": Sample({"pk": calibration.pk, "link_pk": link.pk}),
        "clauses:shared": by_link,
        "clauses:shared-note": by_link,
    }
