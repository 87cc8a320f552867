from dentelle.foundations.organisations.models import Membership
from dentelle.network.practices import actions
from dentelle.network.practices.models import Origin
from tests.factories import NOW
from tests.practices import making
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    seen = making.published(membership)
    draft = making.draft(membership, title="Brouillon témoin 6e1f")
    waiting = making.submitted(membership, title="Fiche en relecture")
    mine = making.draft(making.head_of(membership), title="Fiche du réseau")
    taken = actions.begin(
        making.head_of(membership), making.CONTENT, at=NOW, origin=Origin.IMPORTED, origin_key="reseau:ref:6e1f"
    )
    return {
        "practices:detail": Sample({"pk": seen.pk}, network=True),
        "practices:tried": Sample({"pk": seen.pk}, network=True),
        "practices:public": Sample({"pk": seen.pk}, "under an open licence, anybody reads it"),
        "practices:edit": Sample({"pk": draft.pk}),
        "practices:act": Sample({"pk": draft.pk, "code": "proposer"}),
        "practices:review": Sample({"pk": waiting.pk}, network=True),
        "practices:head-detail": Sample({"pk": waiting.pk}),
        "practices:head-review": Sample({"pk": waiting.pk}),
        "practices:head-edit": Sample({"pk": mine.pk}),
        "practices:head-untake": Sample({"pk": taken.pk}),
        "practices:head-act": Sample({"pk": mine.pk, "code": "proposer"}),
    }
