from dentelle.foundations.organisations.models import Membership
from tests.awaiting.cases import Made
from tests.factories import NOW
from tests.surveys import making


def to_answer(member: Membership) -> Made:
    invitee = making.asked(member)
    return Made(NOW, lambda: making.answered(invitee))


CASES = {"survey.answer": to_answer}
