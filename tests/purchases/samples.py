from dentelle.foundations.organisations.models import Membership
from dentelle.thread.purchases.models import SavedView
from tests.factories import NOW
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    view = SavedView.objects.create(
        structure=membership.structure, user=membership.user, name="Vue témoin 9d2b", query="", created_at=NOW
    )
    return {
        "purchases:contract": Sample({"contract_key": f"{1:020x}"}, shared="contracts are published open data"),
        "purchases:remove": Sample(
            {"sha256": "ab" * 32}, shared="the data set is one for the whole site, said on its page"
        ),
        "purchases:delete_view": Sample({"pk": view.pk}),
    }
