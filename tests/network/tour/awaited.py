from dentelle.foundations.organisations.models import Coverage, Membership, NetworkSeat
from dentelle.network.tour.actions import learning, registrations, stages
from tests.awaiting.cases import Made
from tests.factories import NOW
from tests.network.governance.making import head_of
from tests.network.tour import making


def to_announce(seat: NetworkSeat) -> Made:
    draft = making.stage(seat, state="draft")
    return Made(NOW, lambda: stages.announce(seat, draft.pk, at=NOW))


def to_tell(seat: NetworkSeat) -> Made:
    past = making.stage(seat, days=-1)

    def tell() -> None:
        registrations.note_attendance(seat, past.pk, [], at=NOW)
        making.need(past)
        learning.report(seat, past.pk, "On en retient ceci.", at=NOW)

    return Made(NOW, tell)


def to_come(member: Membership) -> Made:
    Coverage.objects.create(
        structure=member.structure, version=1, valid_from=making.TODAY, places=["region:32"], created_at=NOW
    )
    coming = making.stage(head_of(member))
    return Made(NOW, lambda: registrations.register_member(member, coming.pk, kind="plie_mde", at=NOW))


CASES = {"stage.to_announce": to_announce, "stage.to_tell": to_tell, "stage.to_come": to_come}
