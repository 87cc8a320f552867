"""What surprises in answers, for who writes one and for who reads them: the checks of the questionnaire, and the year before."""

from collections.abc import Collection, Sequence

from dentelle.network.surveys.access import SENT
from dentelle.network.surveys.models import Answer, Campaign, Invitee, Response
from dentelle.network.surveys.reading import Given, Read, asked_by, told_doubts
from dentelle.rules.surveys import Doubt

Doubts = dict[int, Sequence[Doubt]]  # key of an answer → what surprises in it; nothing for one where all holds together


def doubts_of(campaign: Campaign, responses: Collection[Response], whole: Read | None = None) -> Doubts:
    """Return what surprises in answers of a campaign, as last sent: as many queries whatever their number."""
    whole = whole or asked_by(campaign)
    if not whole.checks or not responses:
        return {}
    known = _figures(whole, [each.pk for each in responses])
    former = before_of(campaign, {each.structure_id for each in responses if each.structure_id}, whole)
    told = {
        each.pk: told_doubts(whole, known.get(each.pk, {}), former.get(each.structure_id or 0, {}))
        for each in responses
    }
    return {key: found for key, found in told.items() if found}


def before(invitee: Invitee, whole: Read) -> Given:
    """Return what the same structure answered to the same questions the year before; nothing when nobody knows."""
    known = before_of(invitee.campaign, [invitee.structure_id], whole) if invitee.structure_id else {}
    return known.get(invitee.structure_id or 0, {})


def before_of(campaign: Campaign, structures: Collection[int], whole: Read) -> dict[int, Given]:
    """Return what structures answered to the same questions the year before, of those that did: key of a structure → answer."""
    if campaign.year is None or not structures:
        return {}
    sent = Response.objects.filter(
        structure__in=structures,
        campaign__questionnaire__code=campaign.questionnaire.code,
        campaign__year=campaign.year - 1,
        state__in=SENT,
    )
    found: dict[int, int] = {}
    for structure, key in sent.order_by("campaign", "pk").values_list("structure", "pk"):
        found.setdefault(structure, key)
    known = _figures(whole, found.values())
    return {structure: known.get(key, {}) for structure, key in found.items()}


def _figures(whole: Read, responses: Collection[int]) -> dict[int, Given]:
    """What was answered to the questions that checks look at, by key of an answer: one query."""
    codes = {code for check in whole.checks for code in (check.value, check.of, *check.plus, *check.minus) if code}
    found: dict[int, Given] = {}
    answers = Answer.objects.filter(response__in=responses, question__code__in=codes)
    for key, code, time, value in answers.values_list("response", "question__code", "occurrence", "value"):
        found.setdefault(key, {})[code, time] = value
    return found
