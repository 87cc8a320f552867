"""Sentences whose figure was corrected since they were written: kept to be reread, until they change or somebody says they hold."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.papers import edited
from dentelle.network.advocacy.markers import named_in
from dentelle.network.advocacy.models import Figure, Proposal
from dentelle.network.advocacy.readiness import to_reread
from dentelle.network.advocacy.refusals import AdvocacyRefused


def have_reread(figure: Figure, former: str) -> None:
    """Have the sentences that name a figure reread, if it no longer reads ``former``; the white paper is locked by the caller."""
    if str(figure) == former:
        return
    for citation in figure.citations.select_related("proposal"):
        proposal = citation.proposal
        kept = [dict(each) for each in proposal.to_reread]
        known = {(each["text"], each["number"]) for each in kept}
        kept += [
            {"text": text, "number": number, "former": former}
            for text, number in named_in(proposal.finding, proposal.measure)
            if number == citation.number and (text, number) not in known
        ]
        proposal.to_reread = kept
        proposal.save(update_fields=["to_reread"])


@transaction.atomic
def say_they_hold(seat: NetworkSeat, pk: int, *, at: datetime) -> Proposal:
    """Say that the sentences of a proposal hold as they are, though a figure they name was corrected."""
    edited(seat, access.one(access.proposals_visible_to(seat), pk).paper_id)
    proposal = access.one(access.proposals_visible_to(seat).select_for_update(of=("self",)), pk)
    count = len(to_reread(proposal))
    if not count:
        raise AdvocacyRefused("nothing", "Aucune phrase n’est à relire.")
    proposal.to_reread = []
    proposal.save(update_fields=["to_reread"])
    record("proposal.reread", proposal, at=at, actor=seat.user, structure=None, sentences=count)
    return proposal
