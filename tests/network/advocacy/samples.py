from dentelle.foundations.organisations.models import Membership
from dentelle.network.advocacy.actions import editions, proposals
from dentelle.network.advocacy.models import Citation
from dentelle.network.governance.models import Body
from tests.factories import NOW
from tests.network.advocacy import making
from tests.network.governance import making as governance
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    """The network has one of everything, seen by all its people; a contribution not received yet is its structure's."""
    seat = governance.head_of(membership)
    governance.mandate(seat)
    if not Body.objects.filter(network=seat.network, kind="working_group").exists():
        governance.body(seat, "working_group", f"Groupe {membership.pk}")
    author = governance.official(membership.structure)
    paper, _, ask = making.whole(seat, author, title=f"Livre blanc {membership.pk}")
    typed = making.figure(seat, paper)
    proposals.cite(seat, ask.pk, kind="figure", key=typed.pk, excerpt="", at=NOW)
    figure = proposals.take_measure(seat, paper.pk, "network:members", at=NOW)
    idea = making.idea(seat, paper, title="Une autre idée")
    citation = Citation.objects.filter(proposal=ask)[0]
    edition = making.edition(seat, paper)
    # of a call under way: nothing of a paper is frozen while a contribution to it is unread
    waiting = making.sent(author, making.opened(seat, f"Appel {membership.pk}"), proposal="Proposition témoin 6e1f")
    carried = editions.carry(seat, paper.pk, to_whom="Commission", carried_on=NOW.date(), by_whom="", at=NOW)

    def shared(pk: int, **more: str) -> Sample:
        return Sample({"pk": pk, **more}, network=True)

    of_paper = (
        "paper",
        "change",
        "call",
        "call-close",
        "order",
        "balance",
        "contribute",
        "contributions",
        "moderation",
        "ideas",
        "chapter-new",
        "propose",
        "figures",
        "editions",
        "follow",
        "public",
        "public-call",
    )
    of_proposal = ("proposal", "proposal-change", "proposal-remove", "unsourced", "reread", "cite", "follow-up")
    return {
        **{f"advocacy:{name}": shared(paper.pk) for name in of_paper},
        "advocacy:public-file": shared(paper.pk, form="pdf"),
        **{f"advocacy:{name}": Sample({"pk": waiting.pk}) for name in ("contribution", "edit")},
        "advocacy:own-act": Sample({"pk": waiting.pk, "code": "lu"}),
        "advocacy:moderate": Sample({"pk": waiting.pk, "code": "recevoir"}),
        "advocacy:idea": shared(idea.pk),
        "advocacy:idea-act": shared(idea.pk, code="nommer"),
        "advocacy:chapter": shared(ask.chapter_id),
        **{f"advocacy:{name}": shared(ask.pk) for name in of_proposal},
        "advocacy:uncite": shared(citation.pk),
        "advocacy:figure-again": shared(figure.pk),
        **{f"advocacy:figure-{name}": shared(typed.pk) for name in ("change", "remove")},
        "advocacy:chapter-move": shared(ask.chapter_id, code="monter"),
        "advocacy:proposal-move": shared(ask.pk, code="monter"),
        "advocacy:publish": shared(edition.pk),
        "advocacy:say-why": shared(edition.pk),
        "advocacy:edition-file": shared(edition.pk, form="docx"),
        "advocacy:answer": shared(carried.pk),
    }
