from dentelle.foundations.directory.contact_actions import clear_bounce, mark_bounced
from dentelle.foundations.organisations.models import Membership
from tests.awaiting.cases import Made
from tests.directory import making
from tests.factories import NOW


def bounced(actor: Membership) -> Made:
    email = making.contact(actor, making.organisation(actor)).emails.get()
    mark_bounced(actor, email.pk, reason="boîte fermée", at=NOW)
    return Made(NOW, lambda: clear_bounce(actor, email.pk, at=NOW))


CASES = {"contact.bounced": bounced}
