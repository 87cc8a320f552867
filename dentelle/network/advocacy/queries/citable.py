"""What a proposal may still lean on, by kind, as choices of a list; narrowed by words when some are typed."""

from django.db.models import Q

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.models import Consent, Contribution, Proposal
from dentelle.network.governance.access import concerns_visible_to
from dentelle.network.practices.access import published_to
from dentelle.network.tour.queries import findings_cited_by
from dentelle.rules.wording import shortened

MOST = 60


def citable(seat: NetworkSeat, proposal: Proposal, text: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return groups of choices « kind:key », those already cited left out: contributions first, then proofs."""
    cited = list(proposal.citations.all())
    said = (
        access.contributions_visible_to(seat)
        .filter(paper=proposal.paper_id, state__in=access.SHARED)
        .exclude(pk__in=[each.contribution_id for each in cited if each.contribution_id])
        .select_related("structure")
    )
    sheets = (
        published_to(seat)
        .exclude(published__in=[each.practice_id for each in cited if each.practice_id])
        .select_related("published")
    )
    voices = (
        concerns_visible_to(seat)
        .filter(theme__isnull=False)
        .exclude(state="set_aside")
        .exclude(pk__in=[each.concern_id for each in cited if each.concern_id])
    )
    figures = (
        access.figures_visible_to(seat)
        .filter(paper=proposal.paper_id, replaced_by=None)
        .exclude(pk__in=[each.figure_id for each in cited if each.figure_id])
    )
    known = {each.finding_id for each in cited}
    told = [
        each
        for each in findings_cited_by(seat.network_id)
        if each.pk not in known and text.casefold() in each.text.casefold()
    ]
    if text:
        said = said.filter(Q(proposal__icontains=text) | Q(finding__icontains=text))
        sheets = sheets.filter(published__title__icontains=text)
        voices = voices.filter(text__icontains=text)
        figures = figures.filter(label__icontains=text)
    groups: list[tuple[str, list[tuple[str, str]]]] = [
        (
            "Contributions",
            [(f"contribution:{each.pk}", _said(each)) for each in said.order_by("-sent_at", "-pk")[:MOST]],
        ),
        (
            "Fiches pratiques",
            [
                (f"practice:{each.pk}", shortened(each.published.title))
                for each in sheets.order_by("-checked_on", "-pk")[:MOST]
                if each.published
            ],
        ),
        ("Préoccupations", [(f"concern:{each.pk}", shortened(each.text)) for each in voices.order_by("-pk")[:MOST]]),
        ("Constats du Tour", [(f"finding:{each.pk}", shortened(each.text)) for each in told[:MOST]]),
        ("Chiffres", [(f"figure:{each.pk}", f"{shortened(each.label, 120)}\u00a0: {each}") for each in figures[:MOST]]),
    ]
    return [(name, choices) for name, choices in groups if choices]


def _said(contribution: Contribution) -> str:
    quiet = ", ne pas citer" if contribution.consent == Consent.UNQUOTED else ""
    return f"{shortened(contribution.proposal)} ({contribution.structure.name}{quiet})"
