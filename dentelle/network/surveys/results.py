"""What a campaign gave so far: who answered among those invited, each question added up, words that name nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.surveys.access import readable
from dentelle.network.surveys.models import Answer, Campaign, Question, RespondentKind, Response, ResponseState
from dentelle.network.surveys.reading import Read, asked_by
from dentelle.rules.disclosure import (
    hidden_beside,
    masked,
    network_minimum,
    shown_counts,
    shown_figures,
    words_may_be_shown,
)
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

    question: int
    label: str
    kind: str
    answered: int
    counts: tuple[tuple[str, int | None], ...] = ()
    total: int | None = None
    middle: float | None = None
    words: tuple[Words, ...] = ()
    quiet: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the questionnaire, and what its questions gave."""

    title: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A campaign, as one reader may see it. ``read``: how many of the answers are in it, ``minimum`` being needed."""

    @property
    def of(self) -> str:
        return f"sur {plural(self.invited, 'invitation', 'invitations')}"

    @property
    def waiting(self) -> int:
        """How many answers are not in it: anonymous, they come in together."""
        return max(self.answered - self.read, 0)

    answered: int
    invited: int
    by_kind: tuple[Cover, ...]
    by_region: tuple[Cover, ...]
    parts: tuple[Part, ...]
    read: int = 0
    minimum: int = 0
    returned: int = 0


def coverage(campaign: Campaign) -> tuple[int, int, tuple[Cover, ...], tuple[Cover, ...]]:
    """Return answered, invited, then both by type and by region: two queries."""
    yes = Count("pk", filter=Q(answered_on__isnull=False))
    counted = {"answered": yes, "invited": Count("pk")}
    kinds = campaign.invitees.order_by("kind").values_list("kind").annotate(**counted)
    regions = campaign.invitees.order_by("region_code").values_list("region_code").annotate(**counted)
    by_kind = tuple(Cover(RespondentKind(kind).label, answered, invited) for kind, answered, invited in kinds)
    by_region = tuple(Cover(region_label(code), answered, invited) for code, answered, invited in regions)
    return sum(each.answered for each in by_kind), sum(each.invited for each in by_kind), by_kind, by_region


def results_of(campaign: Campaign, *, head: bool) -> Results:
    """Return what the answers sent give together. The head reads attributed answers as they are; what others read, and
    everything of an anonymous campaign, passes ``rules.disclosure``, and says nothing of who answered."""
    answered, invited, by_kind, by_region = coverage(campaign)
    responses = {each.pk: each for each in readable(campaign)}
    given: dict[int, list[Answer]] = {}
    for answer in Answer.objects.filter(response__in=responses):
        given.setdefault(answer.question_id, []).append(answer)
    plain = head and not campaign.anonymous
    whole = asked_by(campaign)
    beside = frozenset() if plain else _hidden_beside(whole, given)
    parts = tuple(
        Part(
            block.title,
            tuple(
                replace(
                    _outcome(question, given.get(question.pk, []), responses, plain=plain, beside=beside),
                    unit=question.unit,
                )
                for question in block.questions
                if plain or not question.identifies
            ),
        )
        for block in whole.blocks
    )
    return Results(
        answered,
        invited,
        by_kind,
        by_region,
        tuple(part for part in parts if part.outcomes),
        read=len(responses),
        minimum=network_minimum(),
        returned=sum(each.state == ResponseState.RETURNED for each in responses.values()),
    )


def _outcome(
    question: Question,
    answers: Sequence[Answer],
    responses: dict[int, Response],
    *,
    plain: bool,
    beside: frozenset[str],
) -> Outcome:
    kind = Kind(question.kind)
    people = len({answer.response_id for answer in answers})
    if not people:
        return Outcome(question.pk, question.label, kind, 0)
    if kind.is_counted:
        return _counted(question, answers, people, plain=plain)
    if kind.is_figure:
        found = figures(answer.value for answer in answers)
        if plain:
            return Outcome(question.pk, question.label, kind, people, total=found.total, middle=found.middle)
        if _figures_of(answers) is None:
            quiet = f"moins de {network_minimum()} réponses, ou une seule qui pèse presque tout"
        elif question.code in beside:
            quiet = "avec les autres, ce chiffre en ferait deviner un qui n’est pas montré"
        else:
            return Outcome(question.pk, question.label, kind, people, total=found.total, middle=found.middle)
        return Outcome(question.pk, question.label, kind, people, quiet=quiet)
    if kind is Kind.DAY:
        return Outcome(question.pk, question.label, kind, people)
    if not plain and not words_may_be_shown(people, network_minimum()):
        quiet = f"lisible à partir de {network_minimum()} réponses"
        return Outcome(question.pk, question.label, kind, people, quiet=quiet)
    return Outcome(question.pk, question.label, kind, people, words=_words(answers, responses, plain=plain))


def _figures_of(answers: Sequence[Answer]) -> tuple[int, float] | None:
    """Return the sum and the middle of what each respondent said in all, None when they may not be shown."""
    said: dict[int, int] = {}
    for answer in answers:
        said[answer.response_id] = said.get(answer.response_id, 0) + answer.value
    return shown_figures(tuple(said.values()), network_minimum())


def _hidden_beside(whole: Read, given: dict[int, list[Answer]]) -> frozenset[str]:
    """Return the codes of figures to keep quiet because another one, bound to them by an addition, is."""
    answered = {
        question.code: given[question.pk]
        for block in whole.blocks
        for question in block.questions
        if Kind(question.kind).is_figure and given.get(question.pk)
    }
    bound = [[check.value, *check.plus, *check.minus] for check in whole.checks if check.kind == "sum"]
    bound = [each for each in bound if set(each) <= set(answered)]
    # a part nobody gave takes nothing away from the whole; another part is kept quiet before the whole
    bound += [
        [code for code in (*check.plus, check.value) if code in answered]
        for check in whole.checks
        if check.kind == "parts" and check.value in answered
    ]
    hidden = {code for code, answers in answered.items() if _figures_of(answers) is None}
    return hidden_beside(bound, hidden) - hidden


def _counted(question: Question, answers: Sequence[Answer], people: int, *, plain: bool) -> Outcome:
    options = question.options or {"yes": "oui", "no": "non"}
    counts = dict.fromkeys(options, 0)
    who: dict[str, set[int]] = {code: set() for code in options}
    for answer in answers:
        for value in answer.value if isinstance(answer.value, list) else [answer.value]:
            if value in counts:
                counts[value] += 1
                who[value].add(answer.response_id)
    if plain:
        told: tuple[tuple[str, int | None], ...] = tuple((options[code], counts[code]) for code in counts)
        return Outcome(question.pk, question.label, question.kind, people, told)
    # somebody who tells several times counts once to know whether they would be recognised
    shown = shown_counts({code: len(each) for code, each in who.items()}, network_minimum())
    quiet = f"pas de compte de moins de {network_minimum()}, ni de celui qui le ferait deviner" if shown.hidden else ""
    told = tuple((options[code], None if shown.counts[code] is None else counts[code]) for code in counts)
    return Outcome(question.pk, question.label, question.kind, people, told, quiet=quiet)


def cell_sizes(responses: Iterable[Response]) -> dict[tuple[str, str], int]:
    """Return how many answers there are of each type and region."""
    sizes: dict[tuple[str, str], int] = {}
    for response in responses:
        cell = (response.kind, response.region_code)
        sizes[cell] = sizes.get(cell, 0) + 1
    return sizes


def _words(answers: Sequence[Answer], responses: dict[int, Response], *, plain: bool) -> tuple[Words, ...]:
    sizes = cell_sizes(responses.values())
    found = []
    for answer in answers:
        response = responses[answer.response_id]
        large = sizes[response.kind, response.region_code] >= network_minimum()
        who = f"{RespondentKind(response.kind).label}, {region_label(response.region_code)}" if plain or large else ""
        found.append(Words(masked(str(answer.value)), who, response.pk if plain else None))
    # in the order of the words, not of the answers: the order would tell who answered when
    return tuple(sorted(found, key=lambda each: each.text.casefold())[:MOST_WORDS])


def region_label(code: str) -> str:
    """The name of a region, as people say it."""
    if not code:
        return "région non renseignée"
    ground = ground_or_none()
    return (ground and ground.name_of("region", code)) or code
