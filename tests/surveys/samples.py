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
    draft = making.draft(seat)
    response = making.answered(making.asked(membership, title="Enquête lue"))
    of_open, pk = Sample({"pk": invitee.campaign_id}), {"pk": invitee.campaign_id}
    return {
        "surveys:answer": Sample(pk, network=True),
        "surveys:draft": Sample(pk, network=True),
        "surveys:results": Sample({"pk": closed.pk}, network=True),
        "surveys:take": Sample({"code": "tour"}, shared="it comes with Dentelle, for any network"),
        "surveys:questionnaire": Sample({"pk": invitee.campaign.questionnaire_id}),
        "surveys:preview": Sample({"pk": invitee.campaign.questionnaire_id}),
        "surveys:file": Sample({"pk": invitee.campaign.questionnaire_id}),
        "surveys:writing-act": Sample({"pk": draft.pk, "code": "publier"}),
        "surveys:write": Sample({"pk": draft.pk}),
        "surveys:upload-draft": Sample({"pk": draft.pk}),
        "surveys:present": Sample({"pk": draft.pk}),
        "surveys:part-new": Sample({"pk": draft.pk}),
        "surveys:part": Sample({"pk": draft.pk, "code": "vous"}),
        "surveys:ask-new": Sample({"pk": draft.pk, "part_code": "vous"}),
        "surveys:ask": Sample({"pk": draft.pk, "code": "combien"}),
        "surveys:control-new": Sample({"pk": draft.pk}),
        "surveys:control": Sample({"pk": draft.pk, "rank": 0}),
        "surveys:campaign": of_open,
        "surveys:invite": of_open,
        "surveys:close": of_open,
        "surveys:reopen": Sample({"pk": closed.pk}),
        "surveys:act": Sample({**pk, "code": "relancer"}),
        "surveys:export": Sample({**pk, "form": "csv"}),
        "surveys:response": Sample({"pk": response.pk}),
        "practices:head-from-answer": Sample({"pk": response.pk, "code": "experience", "time": 1}),
    }
