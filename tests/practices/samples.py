from dentelle.foundations.organisations.models import Membership
from tests.practices import making
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    seen = making.published(membership)
    draft = making.draft(membership, title="Brouillon témoin 6e1f")
    waiting = making.submitted(membership, title="Fiche en relecture")
    mine = making.draft(making.head_of(membership), title="Fiche du réseau")
    return {
        "practices:detail": Sample({"pk": seen.pk}, network=True),
        "practices:tried": Sample({"pk": seen.pk}, network=True),
        "practices:edit": Sample({"pk": draft.pk}),
        "practices:act": Sample({"pk": draft.pk, "code": "proposer"}),
        "practices:review": Sample({"pk": waiting.pk}, network=True),
        "practices:head-detail": Sample({"pk": waiting.pk}),
        "practices:head-review": Sample({"pk": waiting.pk}),
        "practices:head-edit": Sample({"pk": mine.pk}),
        "practices:head-act": Sample({"pk": mine.pk, "code": "proposer"}),
    }
