"""What stands between a white paper and an edition: nothing is frozen that cannot be followed to its origin, or says why not."""

from dataclasses import dataclass

from django.urls import reverse

from dentelle.network.advocacy.markers import bare_in, named_in, numbers_in, unknown_in
from dentelle.network.advocacy.measures import shows_few_people
from dentelle.network.advocacy.models import Citation, ContributionState, Proposal, WhitePaper
from dentelle.rules.wording import plural, sentence


@dataclass(frozen=True, slots=True)
class Gap:
    """What a proposal or a chapter lacks before it is printed; ``url`` is where it is mended. ``sentences``: those no source carries."""

    title: str
    words: str
    url: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reread:
    """A sentence written when the figure it names, citation ``number``, read ``former``; it reads ``now``."""

    text: str
    number: int
    former: str
    now: str


def bare(proposal: Proposal) -> tuple[str, ...]:
    """Return the sentences no marker ties to a source, explained or not."""
    return bare_in(proposal.finding, proposal.measure)


def explained(proposal: Proposal) -> tuple[dict[str, str], ...]:
    """Return the sentences said without source and why, as long as they are written so: {"text", "because"}."""
    known = {each["text"]: each for each in proposal.unsourced}
    return tuple(known[text] for text in bare(proposal) if text in known)


def unexplained(proposal: Proposal) -> tuple[str, ...]:
    """Return the sentences that neither a source carries nor a reason excuses."""
    known = {each["text"] for each in proposal.unsourced}
    return tuple(text for text in bare(proposal) if text not in known)


def to_reread(proposal: Proposal) -> tuple[Reread, ...]:
    """Return the sentences still written as before a figure they name was corrected, unless it came back to what it read."""
    if not proposal.to_reread:
        return ()
    named = named_in(proposal.finding, proposal.measure)
    values = {each.number: str(each.figure) for each in proposal.citations.all() if each.figure}
    return tuple(
        Reread(each["text"], each["number"], each["former"], values[each["number"]])
        for each in proposal.to_reread
        if (each["text"], each["number"]) in named and values.get(each["number"], each["former"]) != each["former"]
    )


def printed(proposal: Proposal) -> tuple[Citation, ...]:
    """Return the citations an edition prints: those a sentence of the proposal names, and the contributions gathered in an idea.

    The proposal comes from these, whether it repeats their words or not, and their authors read that they are retained.
    """
    numbers = set(numbers_in(f"{proposal.finding}\n{proposal.measure}"))
    return tuple(each for each in proposal.citations.all() if each.number in numbers or is_origin(each))


def is_origin(citation: Citation) -> bool:
    """Say whether a citation is of a contribution people gathered in an idea."""
    return citation.contribution is not None and citation.contribution.idea_id is not None


def gaps(paper: WhitePaper) -> tuple[Gap, ...]:
    """Return all that keeps a white paper from being frozen, what nobody read, then chapters, then proposals in their order.

    Four queries and one.
    """
    found = paper.proposals.order_by("number").prefetch_related("citations__figure")
    waiting = unread(paper)
    return (
        *((waiting,) if waiting else ()),
        *_empty_chapters(paper),
        *(gap for proposal in found for gap in _gaps(proposal)),
    )


def unread(paper: WhitePaper) -> Gap | None:
    """Return what nobody read yet among the contributions sent, None when all are: an edition counts those received."""
    count = paper.contributions.filter(state=ContributionState.SUBMITTED).count()
    if not count:
        return None
    waiting = plural(count, "contribution que personne n'a lue", "contributions que personne n'a lues")
    words = f"{waiting} : recevez, renvoyez ou écartez chacune d'abord ; l'édition compte celles qui sont reçues."
    return Gap("Contributions à lire", sentence(words), reverse("advocacy:moderation", args=[paper.pk]))


def left_unprinted(paper: WhitePaper) -> tuple[Gap, ...]:
    """Return the sources no sentence names: an edition may be made, which will not print them. Three queries."""
    told = []
    for proposal in paper.proposals.order_by("number").prefetch_related("citations__contribution"):
        idle = [each for each in proposal.citations.all() if each not in printed(proposal)]
        marks = ", ".join(f"[{each.number}]" for each in idle)
        if idle:
            which = "la source" if len(idle) == 1 else "les sources"
            words = sentence(f"Proposition {proposal.number} : aucune phrase ne nomme {which} {marks}.")
            told.append(Gap(proposal.title, words, f"{reverse('advocacy:proposal', args=[proposal.pk])}#sources"))
    return tuple(told)


def _empty_chapters(paper: WhitePaper) -> list[Gap]:
    order = reverse("advocacy:order", args=[paper.pk])
    return [
        Gap(
            each.title,
            sentence(f"Le chapitre {each.rank} est vide : rangez-y une proposition, ou supprimez-le."),
            f"{order}#chapitre-{each.pk}",
        )
        for each in paper.chapters.filter(proposals=None).order_by("rank")
    ]


def _gaps(proposal: Proposal) -> list[Gap]:
    number, citations = proposal.number, list(proposal.citations.all())
    page, writing = (reverse(f"advocacy:{name}", args=[proposal.pk]) for name in ("proposal", "proposal-change"))
    found: list[Gap] = []

    def lacks(words: str, url: str, sentences: tuple[str, ...] = ()) -> None:
        found.append(Gap(proposal.title, sentence(words), url, sentences))

    if proposal.chapter_id is None:
        order = reverse("advocacy:order", args=[proposal.paper_id])
        lacks(f"La proposition {number} n'est dans aucun chapitre.", f"{order}#proposition-{proposal.pk}")
    if not proposal.measure:
        lacks(f"La proposition {number} ne dit pas encore sa mesure.", writing)
    unknown = unknown_in(f"{proposal.finding}\n{proposal.measure}", {each.number for each in citations})
    if unknown:
        lacks(f"Proposition {number} : [{unknown[0]}] n'est aucune de ses citations.", writing)
    for each in citations:
        if each.figure and shows_few_people(each.figure):
            lacks(
                f"Proposition {number} : le chiffre [{each.number}] compte trop peu de personnes pour être publié.",
                f"{page}#sources",
            )
    rereading: dict[str, list[str]] = {}
    for one in to_reread(proposal):
        told = f"Proposition {number} : le chiffre [{one.number}] disait {one.former}, il dit {one.now}. Relisez ce qui s'appuie dessus."
        rereading.setdefault(told, []).append(one.text)
    for told, sentences in rereading.items():
        lacks(told, f"{page}#a-relire", tuple(sentences))
    if said := unexplained(proposal):
        count = plural(len(said), "phrase", "phrases")
        lacks(
            f"Proposition {number} : {count} sans source."
            if citations
            else f"La proposition {number} ne s'appuie sur aucune source ({count}).",
            f"{page}#sans-source",
            said,
        )
    return found
