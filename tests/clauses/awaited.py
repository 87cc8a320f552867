from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses import actions
from dentelle.thread.clauses.workbench import content_of, read_form
from tests.awaiting.cases import Made
from tests.clauses.making import TODAY, draft, typed
from tests.factories import NOW


def unfinished(actor: Membership) -> Made:
    calibration = draft(actor)

    def finish() -> None:
        content = content_of(read_form(typed(), actor, today=TODAY, named=True))
        actions.update_calibration(actor, calibration.pk, content, expected_revision=calibration.revision, at=NOW)

    return Made(NOW, finish)


CASES = {"calibration.draft": unfinished}
