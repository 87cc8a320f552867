"""One sheet as it is read: its blocks, its transfer profile, who tried it, and what the person may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dentelle.network.practices.access import IN_REVIEW, Viewer, is_head, is_owned_by, may_write, version_in_making
from dentelle.network.practices.actions import missing_of
from dentelle.network.practices.agreeing import (
    WAITED,
    Whose,
    agreement_of,
    asked_of,
    is_given,
    may_be_written,
    who_will_read,
    whose,
)
from dentelle.network.practices.content import BLOCKS, Field, Kind, words_of
from dentelle.network.practices.dropping import may_drop
from dentelle.network.practices.models import (
    AgreementState,
    Practice,
    PracticeVersion,
    Replication,
    SheetAgreement,
    VersionState,
)
from dentelle.network.practices.named import Named, named_in, outside
from dentelle.network.practices.places import place_name
from dentelle.network.practices.telling import why_not_review
from dentelle.network.practices.vocabulary import OUTCOMES
from dentelle.rules.practices import COUNTED, EASING, TRANSFER, Criterion, profile_with, refresh_due
from dentelle.web.formatting import money, number, plural, prose_date

# said in the head of the page
IN_HEAD = {"title", "summary", "consent"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the sheet says: ``kind`` tells how it is shown, ``value`` is written French, or rows of results."""

    label: str
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Part:
    """A block that says something."""

    code: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion of the transfer profile, 0 to 3; ``words``: what is said beside it."""

    criterion: Criterion
    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Former:
    """What a structure said of its trial before, and when."""

    outcome: str
    told: str
    changed: str
    said_on: date


@dataclass(frozen=True, slots=True)
class Trial:
    """What a structure says of its trial, and what it said before, latest first."""

    now: Replication
    former: tuple[Former, ...]


@dataclass(frozen=True, slots=True)
class Waited:
    """The agreement a version in the making waits for: of whom, since when; ``readers``: who will read it then; what the person may do.

    ``reviewed_it``: the person reviewed the version, somebody else agrees to it.
    """

    whose: Whose
    agreement: SheetAgreement | None
    is_given: bool
    readers: str
    may_agree: bool
    reviewed_it: bool
    may_ask: bool
    may_note: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version on screen. ``making`` is the version being prepared, when the person may know of it; ``waited``: the agreement
    it waits for; ``agreements``: those answered, of the version shown; ``barred``: why the person may not review what is submitted;
    ``named``: its words that tell who somebody is, for whoever may have them corrected.
    """

    practice: Practice
    version: PracticeVersion
    parts: tuple[Part, ...]
    profile: tuple[Bar, ...]
    trials: tuple[Trial, ...]
    versions: tuple[PracticeVersion, ...]
    making: PracticeVersion | None
    waited: Waited | None
    agreements: tuple[SheetAgreement, ...]
    missing: tuple[str, ...]
    named: tuple[Named, ...]
    refresh_on: date | None
    barred: str
    may_edit: bool
    may_submit: bool
    may_take_back: bool
    may_review: bool
    may_return: bool
    may_publish: bool
    may_archive: bool
    may_check: bool
    may_try: bool
    may_drop: bool


def sheet_of(viewer: Viewer, practice: Practice, *, version: int | None = None, today: date) -> Sheet | None:
    """Return a sheet as the person reads it: what is published, else what is in the making; None for no such version."""
    making = version_in_making(viewer, practice)
    published = tuple(practice.versions.filter(state=VersionState.PUBLISHED).select_related("author", "reviewer"))
    readable = [*([making] if making else []), *published]
    if version is None:
        shown = next((each for each in readable if each.pk == practice.published_id), making)
    else:
        shown = next((each for each in readable if each.number == version), None)
    if shown is None:
        return None
    own = may_write(viewer) and is_owned_by(viewer, practice)
    state = making.state if making else ""
    is_live = practice.published_id is not None and practice.archived_on is None
    barred = why_not_review(viewer.user, practice) if state == VersionState.SUBMITTED else ""
    waited = _waited(viewer, making) if making and own else None
    trials = tuple(_trial(each) for each in practice.replications.select_related("structure"))
    reviews = state == VersionState.SUBMITTED and not barred
    return Sheet(
        practice=practice,
        version=shown,
        parts=parts_of(shown),
        profile=_bars(shown, trials) if practice.published_id else (),
        trials=trials,
        versions=published,
        making=making,
        waited=waited,
        agreements=tuple(_answered(shown, own)),
        missing=missing_of(making) if making and own else (),
        named=named_in(shown.content) if own or is_head(viewer) or shown == making else (),
        refresh_on=refresh_due(practice.checked_on) if practice.checked_on else None,
        barred=barred,
        may_edit=own and state not in IN_REVIEW,
        may_submit=own and state == VersionState.DRAFT,
        may_take_back=own and state == VersionState.SUBMITTED,
        may_review=reviews,
        may_return=reviews or (state == VersionState.REVIEWED and is_head(viewer)),
        may_publish=state == VersionState.REVIEWED and is_head(viewer) and (waited is None or waited.is_given),
        may_archive=is_live and (is_head(viewer) or (own and getattr(viewer, "role", "") == "manager")),
        may_check=own and is_live,
        may_try=is_live and not is_head(viewer) and may_write(viewer) and not own,
        may_drop=making is not None and may_drop(viewer, making),
    )


def parts_of(version: PracticeVersion) -> tuple[Part, ...]:
    """Return the blocks of a version that say something."""
    return _parts(version.content)


def _parts(content: Mapping[str, Any]) -> tuple[Part, ...]:
    return tuple(part for part in (_part(block, content) for block in BLOCKS) if part.lines)


def _bars(version: PracticeVersion, trials: tuple[Trial, ...]) -> tuple[Bar, ...]:
    successes = sum(each.now.outcome in EASING for each in trials)
    profile = profile_with(version.profile, successes) if version.profile else {}
    tried = _tried(len(trials), successes)
    return tuple(
        Bar(one, profile[one.code], _beside(one, profile[one.code], tried)) for one in TRANSFER if one.code in profile
    )


def _tried(trials: int, successes: int) -> str:
    """How many members tried, and for how many it did not work; empty when none did."""
    if not trials:
        return ""
    failed = {0: "", trials: ", sans succès"}.get(
        trials - successes, f", dont {number(trials - successes)} sans succès"
    )
    return f"par {plural(trials, 'membre', 'membres')}{failed}"


def _beside(criterion: Criterion, value: int, tried: str) -> str:
    if criterion.code == COUNTED:
        return tried or criterion.low
    end = {0: criterion.low, 3: criterion.high}.get(value)
    return f"{value} sur 3\u202f: {end}" if end else f"{value} sur 3"


def _trial(replication: Replication) -> Trial:
    return Trial(
        replication,
        tuple(
            Former(OUTCOMES[each["outcome"]], each["told"], each["changed"], date.fromisoformat(each["said_on"]))
            for each in replication.former
        ),
    )


@dataclass(frozen=True, slots=True)
class PublicSheet:
    """A version as anybody reads it."""

    title: str
    summary: str
    parts: tuple[Part, ...]


def public_sheet(version: PracticeVersion) -> PublicSheet:
    """Return what anybody reads of a version: who to contact and who wrote it stay in the network, words that tell who
    somebody is are masked wherever they were written.
    """
    content = outside({**version.content, "title": version.title})
    return PublicSheet(content["title"], content.get("summary", ""), _parts(content))


def _waited(viewer: Viewer, making: PracticeVersion) -> Waited | None:
    found = whose(making.practice) if making.by_head else None
    if found is None or making.state not in WAITED:
        return None
    known = agreement_of(making)
    given = is_given(making)
    head = is_head(viewer) and not given
    return Waited(
        whose=found,
        agreement=known,
        is_given=given,
        readers=who_will_read(making),
        may_agree=not is_head(viewer) and asked_of(viewer).filter(version=making).exists(),  # type: ignore[arg-type]
        reviewed_it=making.reviewer_id == viewer.user_id,
        may_ask=head
        and (known is None or known.state == AgreementState.GIVEN or (found.structure is None and bool(found.email))),
        may_note=head and may_be_written(found),
    )


def _answered(version: PracticeVersion, own: bool) -> list[SheetAgreement]:
    """What was answered of a version: agreements given, to everybody; corrections asked for, to those who work on it."""
    states = [AgreementState.GIVEN, *([AgreementState.DECLINED] if own else [])]
    return list(version.agreements.filter(state__in=states).select_related("structure").order_by("pk"))


def _part(block: Any, content: Mapping[str, Any]) -> Part:
    lines = tuple(
        Line(field.label, field.kind.value, _shown(field, content[field.name]))
        for field in block.fields
        if field.name in content and field.name not in IN_HEAD
    )
    return Part(block.code, block.title, lines)


def _shown(field: Field, value: Any) -> Any:
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        return ", ".join(words_of(field, value))
    if field.kind is Kind.PLACE:
        return place_name(value)
    if field.kind is Kind.DAY:
        return prose_date(value)
    if field.kind is Kind.CENTS:
        return money(value, "")
    if field.kind is Kind.HUNDREDTHS:
        return f"{number(value / 100, 2 if value % 10 else 1 if value % 100 else 0)} ETP"
    if field.kind is Kind.WHOLE:
        return plural(value, "mois", "mois")
    return value
