"""What the pages of agreements read. Frozen rows, no write; a page costs the same number of queries at any length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.queries import TimelineEvent, chosen_acts
from dentelle.foundations.journal.sentences import known_acts
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.structures.ground import Covered, covered, ground_or_none
from dentelle.network.agreements import access
from dentelle.network.agreements.access import Viewer
from dentelle.network.agreements.actions.moves import frames
from dentelle.network.agreements.frames import Gap, frame_on, gap_on, gaps_between, why_not_signed
from dentelle.network.agreements.lateness import missing_periods
from dentelle.network.agreements.models import (
    Agreement,
    AgreementAmendment,
    Article,
    Commitment,
    CommitmentAction,
    CommitteeMeeting,
    Indicator,
    Party,
    PartySide,
    Reading,
    ReadingAnswer,
)
from dentelle.network.agreements.parties import is_itself
from dentelle.network.agreements.periods import Period
from dentelle.network.agreements.states import OVER, AgreementState, Side
from dentelle.rules.wording import day as in_full
from dentelle.rules.wording import shortened

MOST_LISTED = 300
ENDS_SOON_DAYS = 183


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether something may be signed today: the framework in force, or the gap and why it blocks."""

    framework: Agreement | None
    gap: Gap | None
    why: str


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A line of the story of frameworks: one of them, or a gap between two (``gap``)."""

    agreement: Agreement | None
    gap: Gap | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A line of a list; ``partners`` names the other parties, ``words`` where it stands, ``waits`` what the reader owes on it."""

    agreement: Agreement
    partners: str
    in_force: bool
    words: str
    waits: str = ""


@dataclass(frozen=True, slots=True)
class AgreementList:
    """What the first page shows."""

    standing: Standing
    story: tuple[FrameRow, ...]
    drafts: tuple[Agreement, ...]
    examples: tuple[Agreement, ...]
    own: tuple[AgreementRow, ...]
    others: tuple[AgreementRow, ...]


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator with its readings, latest first, and the periods whose reading is owed, the oldest first."""

    indicator: Indicator
    readings: tuple[Reading, ...]
    missing: tuple[Period, ...]

    @property
    def late(self) -> Period | None:
        """The oldest period whose reading is owed, None when none is."""
        return self.missing[0] if self.missing else None

    @property
    def unread(self) -> tuple[Period, ...]:
        """The periods owed that have no reading at all, the latest first."""
        given = {reading.ends_on for reading in self.readings}
        return tuple(period for period in reversed(self.missing) if period.last not in given)

    @property
    def latest(self) -> Reading | None:
        return self.readings[0] if self.readings else None


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment with what was to be done and what is measured."""

    commitment: Commitment
    actions: tuple[CommitmentAction, ...]
    indicators: tuple[IndicatorLine, ...]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    article: Article
    commitments: tuple[CommitmentLine, ...]


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """A signed amendment, and what it adds, in words."""

    amendment: AgreementAmendment
    adds: str


@dataclass(frozen=True, slots=True)
class AgreementSheet:
    """The page of an agreement, as its reader stands on it. ``blocked``: why nothing may be signed under it today.

    ``beyond``: that it outlives its framework, or starts after it. ``meetings``: those that count, ``taken_out`` those that no
    longer do. ``places_to_add``: what its author may bring by an amendment.
    """

    agreement: Agreement
    side: Side
    parties: tuple[Party, ...]
    amendments: tuple[AmendmentLine, ...]
    articles: tuple[ArticleLine, ...]
    meetings: tuple[CommitteeMeeting, ...]
    taken_out: tuple[CommitteeMeeting, ...]
    territory: Covered
    blocked: str
    beyond: str
    words: str
    places_to_add: tuple[tuple[str, str], ...] = ()

    def is_partner(self, seat: Seat) -> bool:
        """Say whether a seat's organisation is the partner, who owes readings and answers."""
        return any(
            party.organisation_id == seat.organisation_id and party.side == PartySide.PARTNER for party in self.parties
        )

    @property
    def starts_unframed(self) -> bool:
        """Whether it begins after the framework it declines has ended."""
        framework = self.agreement.framework
        return framework is not None and _starts_after(self.agreement, framework)

    @property
    def lacks_own(self) -> bool:
        """Whether the structure of a local agreement is not yet recognised among its parties."""
        own = self.agreement.structure
        return own is not None and not any(is_itself(party, own) for party in self.parties)

    @property
    def commitments(self) -> tuple[CommitmentLine, ...]:
        return tuple(line for article in self.articles for line in article.commitments)

    @property
    def indicators(self) -> tuple[IndicatorLine, ...]:
        return tuple(line for each in self.commitments for line in each.indicators)

    @property
    def due_after_end(self) -> str:
        """Which commitments are due once the agreement is over, in French, while it may still change; empty when none is."""
        late = [each.commitment for each in self.commitments if each.commitment.is_due_after_end]
        if not late or self.agreement.state not in (AgreementState.DRAFT, AgreementState.PROPOSED):
            return ""
        named = ", ".join(f"« {shortened(each.text)} » (le {each.due_on:%d/%m/%Y})" for each in late)
        end = in_full(self.agreement.last_day or date.min)
        said = "Un engagement est attendu" if len(late) == 1 else f"{len(late)} engagements sont attendus"
        return f"{said} après la fin de la convention, le {end}\u00a0: {named}. Revoyez la fin ou l’échéance, ou dites dans un article qui y reste tenu."

    @property
    def unsigned(self) -> int:
        """How many people have yet to sign."""
        return sum(each.signed_on is None for party in self.parties for each in party.signatories.all())

    @property
    def partners(self) -> str:
        return ", ".join(str(party) for party in self.parties if party.side != PartySide.AUTHOR)


def standing(network: int, today: date) -> Standing:
    """Return whether a framework of the network is in force today, and otherwise what blocks."""
    signed = list(access.frameworks_of(network))
    known = frames(signed)
    found = frame_on(known, today)
    framework = next((each for each in signed if found and each.pk == found.pk), None)
    return Standing(framework, gap_on(known, today), why_not_signed(known, today))


def story(agreements: Sequence[Agreement], today: date) -> tuple[FrameRow, ...]:
    """Return signed frameworks and the gaps between them, latest first."""
    framing = [each for each in agreements if each.is_signed and not each.is_example]
    rows = [(each.starts_on or date.min, FrameRow(each, None, each.in_force(today))) for each in framing]
    rows += [(gap.first or date.min, FrameRow(None, gap, False)) for gap in gaps_between(frames(framing))]
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True))


def agreement_list(viewer: Membership | NetworkSeat, today: date) -> AgreementList:
    """Return what the first page shows to a member or to the head of the network."""
    found = list(
        access.agreements_visible_to(viewer)
        .select_related("structure", "framework")
        .prefetch_related("parties__organisation")
        .order_by("-starts_on", "-pk")[:MOST_LISTED]
    )
    frameworks = [each for each in found if each.is_framework]
    local = [each for each in found if not each.is_framework]
    mine = viewer.structure_id if isinstance(viewer, Membership) else None
    return AgreementList(
        standing=standing(access.network_pk(viewer), today),
        story=story(frameworks, today),
        drafts=tuple(each for each in frameworks if not each.is_signed),
        examples=tuple(each for each in frameworks if each.is_example),
        own=tuple(_row(each, today) for each in local if each.structure_id == mine),
        others=tuple(_row(each, today) for each in local if each.structure_id != mine),
    )


def party_list(seat: Seat, today: date) -> tuple[AgreementRow, ...]:
    """Return the agreements an outside organisation is a party to, those that wait for it first."""
    found = (
        access.agreements_of_party(seat)
        .select_related("structure", "network")
        .prefetch_related("parties__organisation", "parties__signatories", *_FOLLOWED)
        .order_by("-starts_on", "-pk")[:MOST_LISTED]
    )
    rows = [_row(each, today, waits=_waits(each, seat, today)) for each in found]
    return tuple(sorted(rows, key=lambda row: not row.waits))


def sheet_of(viewer: Viewer, pk: int, today: date) -> AgreementSheet:
    """Return the page of an agreement the person reads, or raise 404."""
    return sheet(viewer, access.agreement_visible_to(viewer, pk), today)


def sheet(viewer: Viewer, agreement: Agreement, today: date) -> AgreementSheet:
    """Return the page of an agreement that came from ``access``."""
    amendments = list(agreement.amendments.select_related("article").prefetch_related("commitments"))
    parties = tuple(agreement.parties.select_related("organisation", "amendment").prefetch_related("signatories"))
    by_article: dict[int, list[CommitmentLine]] = {}
    for commitment in agreement.commitments.select_related("amendment").prefetch_related(*_PARTS):
        by_article.setdefault(commitment.article_id, []).append(_commitment_line(agreement, commitment, today))
    meetings = list(agreement.meetings.all())
    blocked = ""
    if not agreement.is_framework and agreement.state != AgreementState.ABANDONED:
        blocked = _blocked(agreement, today)
    return AgreementSheet(
        agreement=agreement,
        side=access.side_of(viewer, agreement),
        parties=parties,
        amendments=tuple(AmendmentLine(each, _adds(each, parties)) for each in amendments),
        articles=tuple(
            ArticleLine(each, tuple(by_article.get(each.pk, ())))
            for each in agreement.articles.prefetch_related("amendments")
        ),
        meetings=tuple(each for each in meetings if not each.taken_out),
        taken_out=tuple(each for each in meetings if each.taken_out),
        territory=covered(agreement.places, ground_or_none()),
        blocked=blocked,
        beyond=_beyond(agreement),
        words=agreement.standing(today),
    )


def history(agreement: Agreement, viewer: Viewer) -> tuple[TimelineEvent, ...]:
    """Return what was done to an agreement, latest first; people are named to their own side only."""
    acts = [act for act in known_acts() if act.startswith("agreement.")]
    own = access.side_of(viewer, agreement) is Side.AUTHOR or (
        isinstance(viewer, Membership) and viewer.structure_id == agreement.structure_id
    )

    def who(entry: Entry) -> str:
        if entry.actor is None:
            return "Dentelle"
        if entry.actor_id == viewer.user_id:
            return entry.actor.full_name
        if entry.facts.get("side") == Side.PARTNER:
            return entry.actor.full_name if isinstance(viewer, Seat) else "le partenaire"
        if own:
            return entry.actor.full_name
        return "la tête de réseau" if agreement.is_framework else str(agreement.structure)

    return chosen_acts(agreement, acts, who=who)


_READINGS = Prefetch("indicators__readings", Reading.objects.select_related("recorded_by", "answered_by"))
_PARTS = ("actions", "indicators", "statements", _READINGS)
_FOLLOWED = ("commitments__indicators__readings",)


def _row(agreement: Agreement, today: date, *, waits: str = "") -> AgreementRow:
    partners = ", ".join(str(party) for party in agreement.parties.all() if party.side != PartySide.AUTHOR)
    return AgreementRow(agreement, partners, agreement.in_force(today), agreement.standing(today), waits)


def _commitment_line(agreement: Agreement, commitment: Commitment, today: date) -> CommitmentLine:
    lines = tuple(
        IndicatorLine(each, tuple(each.readings.all()), missing_periods(agreement, each, today))
        for each in commitment.indicators.all()
    )
    return CommitmentLine(commitment, tuple(commitment.actions.all()), lines)


def _adds(amendment: AgreementAmendment, parties: Sequence[Party]) -> str:
    """What an amendment adds: « la partie « X », l’engagement « Y », le territoire Z »."""
    said = [f"la partie «\u202f{each}\u202f»" for each in parties if each.amendment_id == amendment.pk]
    said += [f"l’engagement «\u202f{each.text}\u202f»" for each in amendment.commitments.all()]
    if amendment.added_places:
        said.append(f"le territoire {covered(amendment.added_places, ground_or_none()).names}")
    return ", ".join(said)


def _beyond(agreement: Agreement) -> str:
    """That a local agreement outlives its framework, or starts after it, in French; empty when it does neither."""
    framework = agreement.framework
    if framework is None or agreement.state in (*OVER, AgreementState.ABANDONED):
        return ""
    if _starts_after(agreement, framework):
        return _unframed(agreement, framework)
    if agreement.last_day is None or framework.last_day is None or agreement.last_day <= framework.last_day:
        return ""
    return (
        f"Elle court jusqu’au {in_full(agreement.last_day)}, au-delà de son cadre, « {framework.title} », qui prend fin le "
        f"{in_full(framework.last_day)}\u00a0: après ce jour elle continue, mais ne s’amende ni ne se renouvelle sans un autre cadre."
    )


def _starts_after(agreement: Agreement, framework: Agreement) -> bool:
    """Whether a local agreement begins once its framework has ended: it declines nothing that is in force then."""
    first, last = agreement.starts_on, framework.last_day
    return first is not None and last is not None and first > last


def _unframed(agreement: Agreement, framework: Agreement) -> str:
    """What frames the first day of an agreement that starts after its framework, and what to do while it may still change."""
    first, last = agreement.starts_on or date.min, framework.last_day or date.min
    then = frame_on(frames(access.frameworks_of(agreement.network_id)), first)
    said = (
        f"Elle commence le {in_full(first)}, après la fin de son cadre, « {framework.title} », le {in_full(last)}\u00a0: "
        + (
            f"ce jour-là, le cadre est « {then.title} »."
            if then
            else "aucune convention-cadre signée ne couvre son début."
        )
    )
    if agreement.is_signed:
        return said
    return f"{said} Avancez son début, ou signez-la sous le cadre qui le couvrira, une fois celui-ci en vigueur."


def _blocked(agreement: Agreement, today: date) -> str:
    """Why a local agreement cannot be signed, amended or renewed today; empty when it may."""
    found = standing(agreement.network_id, today)
    if found.why:
        return found.why
    if agreement.is_signed:
        return ""
    if agreement.framework is None:
        return "Choisissez la convention-cadre dont celle-ci est la déclinaison\u00a0: elle ne peut être signée sans."
    if not agreement.framework.in_force(today):
        return (
            f"Le cadre choisi, « {agreement.framework.title} », n’est pas en vigueur aujourd’hui"
            + (f"\u00a0; « {found.framework.title} » l’est" if found.framework else "")
            + ". Changez le cadre de la convention avant de signer."
        )
    return ""


def _waits(agreement: Agreement, seat: Seat, today: date) -> str:
    """What an agreement waits for from a party, in a few words; empty when nothing."""
    mine = [party for party in agreement.parties.all() if party.organisation_id == seat.organisation_id]
    if agreement.state == AgreementState.PROPOSED:
        unsigned = sum(each.signed_on is None for party in mine for each in party.signatories.all())
        return f"{unsigned} signature{'s' if unsigned > 1 else ''} à donner" if unsigned else ""
    if agreement.state != AgreementState.SIGNED or not any(party.side == PartySide.PARTNER for party in mine):
        return ""
    indicators = [each for commitment in agreement.commitments.all() for each in commitment.indicators.all()]
    late = sum(len(missing_periods(agreement, each, today)) for each in indicators if each.owed_by == "partner")
    asked = sum(
        not reading.by_partner and reading.answer == ReadingAnswer.NONE and not reading.is_partial
        for each in indicators
        for reading in each.readings.all()
    )
    said = []
    if late:
        said.append(f"{late} relevé{'s' if late > 1 else ''} à donner")
    if asked:
        said.append(f"{asked} relevé{'s' if asked > 1 else ''} à confirmer")
    return ", ".join(said)


def frameworks_to_choose(viewer: Membership) -> list[Agreement]:
    """Return the frameworks a local agreement may be made under, latest first."""
    found = access.agreements_visible_to(viewer).frameworks().filter(is_example=False)
    return list(found.exclude(Q(state=AgreementState.ABANDONED)).order_by("-starts_on", "-pk")[:50])
