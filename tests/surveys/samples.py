from dentelle.foundations.organisations.models import Membership
from dentelle.network.surveys import closing
from tests.factories import NOW
from tests.practices.making import head_of
from tests.samples import Sample
from tests.surveys import making


def samples(membership: Membership) -> dict[str, Sample]:
    invitee = making.asked(membership, title="Enquête ouverte")
    seat = head_of(membership)
    closed = making.campaign(membership, title="Enquête close", seat=seat)
    closing.close_campaign(seat, closed.pk, at=NOW)
    response = making.answered(making.asked(membership, title="Enquête lue"))
    of_open, pk = Sample({"pk": invitee.campaign_id}), {"pk": invitee.campaign_id}
    return {
        "surveys:answer": Sample(pk, network=True),
        "surveys:draft": Sample(pk, network=True),
        "surveys:results": Sample({"pk": closed.pk}, network=True),
        "surveys:take": Sample({"code": "tour"}, shared="it comes with Dentelle, for any network"),
        "surveys:questionnaire": Sample({"pk": invitee.campaign.questionnaire_id}),
        "surveys:campaign": of_open,
        "surveys:invite": of_open,
        "surveys:close": of_open,
        "surveys:reopen": Sample({"pk": closed.pk}),
        "surveys:act": Sample({**pk, "code": "relancer"}),
        "surveys:export": Sample({**pk, "form": "csv"}),
        "surveys:response": Sample({"pk": response.pk}),
        "practices:head-from-answer": Sample({"pk": response.pk, "code": "experience", "time": 1}),
    }
