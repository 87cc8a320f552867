"""What a campaign gave so far: who answered among those invited, each question added up, words that name nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.surveys.access import SENT
from dentelle.network.surveys.models import Answer, Campaign, Question, RespondentKind, Response
from dentelle.network.surveys.reading import read
from dentelle.rules.disclosure import masked, network_minimum, shown_counts, shown_sum, words_may_be_shown
from dentelle.rules.surveys import Kind, figures
from dentelle.rules.wording import plural

MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Cover:
    """How many answered among those invited, in one region or of one type."""

    label: str
    answered: int
    invited: int


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, masked; ``who`` is their type and region, empty when it would tell who they are."""

    text: str
    who: str
    response: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question. ``counts``: (words, how many; None when kept quiet). ``total`` is None when it may not be shown."""

    label: str
    kind: str
    answered: int
    counts: tuple[tuple[str, int | None], ...] = ()
    total: int | None = None
    middle: float | None = None
    words: tuple[Words, ...] = ()
    quiet: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the questionnaire, and what its questions gave."""

    title: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A campaign, as one reader may see it."""

    @property
    def of(self) -> str:
        return f"sur {plural(self.invited, 'invitation', 'invitations')}"

    answered: int
    invited: int
    by_kind: tuple[Cover, ...]
    by_region: tuple[Cover, ...]
    parts: tuple[Part, ...]


def coverage(campaign: Campaign) -> tuple[int, int, tuple[Cover, ...], tuple[Cover, ...]]:
    """Return answered, invited, then both by type and by region: two queries."""
    yes = Count("pk", filter=Q(answered_on__isnull=False))
    counted = {"answered": yes, "invited": Count("pk")}
    kinds = campaign.invitees.order_by("kind").values_list("kind").annotate(**counted)
    regions = campaign.invitees.order_by("region_code").values_list("region_code").annotate(**counted)
    by_kind = tuple(Cover(RespondentKind(kind).label, answered, invited) for kind, answered, invited in kinds)
    by_region = tuple(Cover(_region(code), answered, invited) for code, answered, invited in regions)
    return sum(each.answered for each in by_kind), sum(each.invited for each in by_kind), by_kind, by_region


def results_of(campaign: Campaign, *, head: bool) -> Results:
    """Return what the answers sent give together. The head reads attributed answers as they are; what others read, and
    everything of an anonymous campaign, passes ``rules.disclosure``."""
    answered, invited, by_kind, by_region = coverage(campaign)
    responses = {each.pk: each for each in campaign.responses.filter(state__in=SENT)}
    given: dict[int, list[Answer]] = {}
    for answer in Answer.objects.filter(response__campaign=campaign, response__state__in=SENT):
        given.setdefault(answer.question_id, []).append(answer)
    plain = head and not campaign.anonymous
    parts = tuple(
        Part(
            block.title,
            tuple(
                _outcome(question, given.get(question.pk, []), responses, plain=plain) for question in block.questions
            ),
        )
        for block in read(campaign.questionnaire).blocks
    )
    return Results(answered, invited, by_kind, by_region, parts)


def _outcome(question: Question, answers: Sequence[Answer], responses: dict[int, Response], *, plain: bool) -> Outcome:
    kind = Kind(question.kind)
    people = len({answer.response_id for answer in answers})
    if kind.is_counted:
        return _counted(question, answers, people, plain=plain)
    if kind.is_figure:
        found = figures(answer.value for answer in answers)
        total = found.total if plain else shown_sum(found.values)
        quiet = "" if total is not None else "trop peu de réponses, ou une seule qui pèse presque tout"
        return Outcome(
            question.label, kind, people, total=total, middle=found.middle if total is not None else None, quiet=quiet
        )
    if kind is Kind.DAY:
        return Outcome(question.label, kind, people)
    if not plain and not words_may_be_shown(people, network_minimum()):
        quiet = f"lisible à partir de {network_minimum()} réponses" if people else ""
        return Outcome(question.label, kind, people, quiet=quiet)
    return Outcome(question.label, kind, people, words=_words(answers, responses, plain=plain))


def _counted(question: Question, answers: Sequence[Answer], people: int, *, plain: bool) -> Outcome:
    options = question.options or {"yes": "oui", "no": "non"}
    counts = dict.fromkeys(options, 0)
    for answer in answers:
        for value in answer.value if isinstance(answer.value, list) else [answer.value]:
            if value in counts:
                counts[value] += 1
    if plain:
        return Outcome(question.label, question.kind, people, tuple((options[code], counts[code]) for code in counts))
    shown = shown_counts(counts, network_minimum())
    quiet = f"les comptes de moins de {network_minimum()} sont tus" if shown.hidden else ""
    told = tuple((options[code], shown.counts[code]) for code in counts)
    return Outcome(question.label, question.kind, people, told, quiet=quiet)


def _words(answers: Sequence[Answer], responses: dict[int, Response], *, plain: bool) -> tuple[Words, ...]:
    sizes: dict[tuple[str, str], int] = {}
    for response in responses.values():
        cell = (response.kind, response.region_code)
        sizes[cell] = sizes.get(cell, 0) + 1
    found = []
    for answer in answers:
        response = responses[answer.response_id]
        large = sizes[response.kind, response.region_code] >= network_minimum()
        who = f"{RespondentKind(response.kind).label}, {_region(response.region_code)}" if plain or large else ""
        found.append(Words(masked(str(answer.value)), who, response.pk if plain else None))
    # in the order of the words, not of the answers: the order would tell who answered when
    return tuple(sorted(found, key=lambda each: each.text.casefold())[:MOST_WORDS])


def _region(code: str) -> str:
    if not code:
        return "région non renseignée"
    ground = ground_or_none()
    return (ground and ground.name_of("region", code)) or code
