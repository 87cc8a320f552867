"""Figures Dentelle itself can give for a white paper: what a survey consolidates, who the network is. Computed only when asked."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy.models import Figure
from dentelle.network.members import queries as members
from dentelle.network.surveys.models import Campaign, CampaignState
from dentelle.network.surveys.results import Outcome, Part, results_of
from dentelle.rules.disclosure import counts_few_people
from dentelle.rules.surveys import Kind
from dentelle.rules.wording import number, plural, shortened

UNITS = {"money": "€"}
LABEL = 240  # characters a figure keeps of what it counts


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure as computed on a day. ``code`` finds it again; ``link`` is the page that shows it."""

    code: str
    label: str
    value: str
    unit: str
    definition: str
    source: str
    link: str

    @property
    def choice(self) -> str:
        return f"{self.label}\u00a0: {self.value} {self.unit}".strip()


def shows_few_people(figure: Figure) -> bool:
    """Say whether a figure is a count of people too small to be read by anybody."""
    return counts_few_people(figure.value, figure.unit, figure.label)


def measures_of(seat: NetworkSeat, today: date) -> tuple[Measure, ...]:
    """Return what may be taken today: the network as it is, then what its surveys add up to and may be shown."""
    return (*_network(seat, today), *(each for campaign in _campaigns(seat) for each in _survey(campaign)))


def measure_of(seat: NetworkSeat, code: str, today: date) -> Measure | None:
    """Return one figure as it is today, None when it can no longer be given."""
    kind, _, rest = code.partition(":")
    if kind == "network":
        return next((each for each in _network(seat, today) if each.code == code), None)
    campaign = _campaigns(seat).filter(pk=rest.partition(":")[0]).first() if rest.partition(":")[0].isdigit() else None
    return next((each for each in _survey(campaign) if each.code == code), None) if campaign else None


def asked(part: Part, outcome: Outcome) -> str:
    """Return what a question counts, alone: « Dont femmes » is told after the question it takes a part of."""
    if not outcome.label.casefold().startswith("dont "):
        return outcome.label
    before = [each.label for each in part.outcomes[: part.outcomes.index(outcome)]]
    whole = next((each for each in reversed(before) if not each.casefold().startswith("dont ")), "")
    told = " ".join(whole.split()).rstrip(" .:?")
    return f"{told}, d{outcome.label[1:]}" if told else outcome.label


def label_of(question: str, *where: str) -> str:
    """Return a label that says enough without its survey: the question first, then its section and its campaign."""
    question = shortened(question, 150)
    said = shortened(", ".join(filter(None, where)), LABEL - len(question) - 3)
    return f"{question} ({said})"


def _campaigns(seat: NetworkSeat) -> QuerySet[Campaign]:
    found = Campaign.objects.filter(network=seat.network_id).exclude(state=CampaignState.DRAFT)
    return found.select_related("questionnaire").order_by("-created_at", "-pk")


def _network(seat: NetworkSeat, today: date) -> tuple[Measure, ...]:
    found = members.figures(members.members(seat.network_id, today=today))
    source, link = "annuaire du réseau dans Dentelle", reverse("members:directory")
    given = [
        Measure(
            "network:members",
            "Structures membres du réseau",
            number(found.members),
            "",
            "Structures agréées et en activité.",
            source,
            link,
        )
    ]
    if found.communes:
        given.append(
            Measure(
                "network:communes",
                "Communes couvertes par au moins un membre",
                number(found.communes),
                "",
                "Chaque commune comptée une fois, d’après les territoires déclarés.",
                source,
                link,
            )
        )
    return tuple(given)


def _survey(campaign: Campaign) -> tuple[Measure, ...]:
    """What questions of a survey add up to, as members may read it: small groups stay quiet."""
    results = results_of(campaign, head=False)
    cover = f"{plural(results.answered, 'réponse', 'réponses')} {results.of}"
    return tuple(
        Measure(
            f"survey:{campaign.pk}:{outcome.question}",
            label_of(asked(part, outcome), part.title, campaign.title),
            number(Fraction(outcome.total, Kind(outcome.kind).scale)),
            UNITS.get(outcome.kind, outcome.unit),
            f"Somme de ce qu’ont répondu {plural(outcome.answered, 'structure', 'structures')}\u00a0; {cover}.",
            f"{campaign.title}, enquête du réseau",
            reverse("surveys:results", args=[campaign.pk]),
        )
        for part in results.parts
        for outcome in part.outcomes
        if outcome.total is not None
    )
