"""The names the parties sign under: kept from the proposal on, corrected with what was noted beside."""

from datetime import datetime

from django.http import Http404
from django.utils import timezone

from dentelle.foundations.search.actions import index
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.actions.changing import changing
from dentelle.network.agreements.models import Agreement, Party
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import SIGNED_STATES


def keep_names(agreement: Agreement) -> None:
    """Write down what each party is called now: the record of an organisation is anybody's to rename, a text proposed is not."""
    for party in agreement.parties.filter(organisation__isnull=False).select_related("organisation"):
        if party.organisation is not None:
            party.name = party.organisation.name
            party.save(update_fields=["name"])


def release_names(agreement: Agreement) -> None:
    """Let the parties of a draft be called again as their records say."""
    agreement.parties.filter(organisation__isnull=False).update(name="")


def correct_party_name(
    actor: Author, pk: int, party_pk: int, *, name: str, expected_revision: int, at: datetime
) -> Party:
    """Correct the name a party signed under; the one noted first stays beside it. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=SIGNED_STATES) as change:
        party = change.agreement.parties.filter(pk=party_pk).select_related("organisation").first()
        if party is None:
            raise Http404
        given = " ".join(name.split())
        if not given:
            raise AgreementRefused("name", "Donnez le nom sous lequel cette partie a signé.", "name")
        if given == str(party):
            raise AgreementRefused("same", "C’est le nom déjà noté.", "name")
        party.former = [*party.former, {"until": timezone.localdate(at).isoformat(), "name": str(party)}]
        party.name = given
        party.save(update_fields=["name", "former"])
        # the journal keeps no words: the former name is beside the party
        change.record("agreement.party_name_corrected", party)
        index(change.agreement)
    return party
