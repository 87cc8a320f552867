"""Agreements of the fictional network: frameworks with a gap between them, local ones at each stage, who does what."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from dentelle.demo.agreement_words import COMMITMENTS, SERVICES, Promise
from dentelle.demo.buyers import siret
from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS
from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret, open_seat
from dentelle.foundations.directory.models import Organisation, Seat
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.agreements.actions import commitments, meetings, moves, readings, writing
from dentelle.network.agreements.actions.answering import answer_readings
from dentelle.network.agreements.actions.commitments import IndicatorContent
from dentelle.network.agreements.actions.meetings import MeetingContent
from dentelle.network.agreements.actions.services import declare_service
from dentelle.network.agreements.actions.writing import AgreementContent
from dentelle.network.agreements.examples import PUBLIC_EMPLOYMENT_SERVICE_2020, add_example
from dentelle.network.agreements.models import Agreement, Commitment, Indicator, Reading, Signatory
from dentelle.network.agreements.periods import Period, last_complete, periods_between
from dentelle.network.agreements.seen import Seen

THEMES = ["mobility", "digital", "career"]
ARTICLES = (
    ("Se connaître", "Les équipes se présentent leurs services et leurs publics, et tiennent à jour qui fait quoi."),
    ("Orienter", "Chaque partie oriente vers l’autre les personnes que l’autre accompagne mieux, et le lui dit."),
    ("Agir ensemble", "Les parties mènent des actions communes auprès des entreprises et des acheteurs."),
)


@transaction.atomic
def load_agreements(head: NetworkSeat, writers: list[Membership], *, at: datetime) -> int:
    """Write the agreements of the story, once; return how many. ``writers`` are one person of each structure, in its order."""
    if Agreement.objects.filter(network=head.network_id).exists():
        return 0
    today = at.date()
    add_example(head, PUBLIC_EMPLOYMENT_SERVICE_2020, at=at)
    partner = _organisation(head, 1, "Service public de l’emploi (fictif)", at)
    network = _organisation(head, 2, "Réseau fictif de l’emploi, association", at)
    seat = _seat(partner, head, at)
    story = _Story(partner, at)
    former = (today - timedelta(days=2400), today - timedelta(days=1400))
    present = (today - timedelta(days=1080), today + timedelta(days=150))
    old = story.agreement(head, network, "Convention-cadre, première période", former, former[0])
    current = story.agreement(head, network, "Convention-cadre, deuxième période", present, present[0])
    first, second, *others = writers
    # the first has lived three years of readings, the second has only begun to be read
    for rank, (writer, age) in enumerate(((first, 1040), (second, 380))):
        period = (today - timedelta(days=age), today + timedelta(days=500))
        own = _organisation(writer, 10 + rank, writer.structure.name, at)
        title = f"Convention locale de coopération, {writer.structure.name}"
        local = story.agreement(writer, own, title, period, period[0], under=current, promises=COMMITMENTS[rank])
        story.live(writer, local, seat, COMMITMENTS[rank])
    for writer in others[:1]:
        content = AgreementContent(
            title=f"Convention locale, {writer.structure.name}", themes=THEMES[:2], framework=old, starts_on=today
        )
        writing.create_agreement(writer, content, at=at)
    for writer, spec, lines in zip(writers, _PLACES, SERVICES, strict=False):
        for by_partner, service, public, detail in lines:
            declare_service(
                writer,
                organisation=partner if by_partner else None,
                service=service,
                public=public,
                places=[spec],
                detail=detail,
                at=at,
            )
    return Agreement.objects.filter(network=head.network_id).count()


_PLACES = ("epci:200040244", "epci:200041317", "epci:200041333")


class _Story:
    """Writes agreements through the acts people use."""

    def __init__(self, partner: Organisation, at: datetime) -> None:
        self.partner, self.at = partner, at

    def on(self, actor: Any, agreement: Agreement, act: Any, *args: Any, **known: Any) -> Any:
        """Do an act on an agreement as it is now."""
        agreement.refresh_from_db()
        return act(actor, agreement.pk, *args, **known, expected_revision=agreement.revision, at=self.at)

    def agreement(
        self,
        actor: NetworkSeat | Membership,
        own: Organisation,
        title: str,
        period: tuple[date, date],
        signed_on: date,
        *,
        under: Agreement | None = None,
        promises: tuple[Promise, ...] = (),
    ) -> Agreement:
        """A signed agreement with its parties, articles and commitments."""
        content = AgreementContent(
            title=title,
            purpose="Coordonner les services rendus aux personnes éloignées de l’emploi et aux entreprises (texte fictif).",
            themes=THEMES,
            starts_on=period[0],
            ends_on=period[1],
            framework=under,
            places=[] if under is None else [_PLACES[0] if "Bocage" in title else _PLACES[1]],
        )
        agreement = writing.create_agreement(actor, content, at=self.at)
        for organisation, side, names in (
            (own, "author", ("Présidence",)),
            (self.partner, "partner", ("Direction", "Direction adjointe")),
        ):
            party = self.on(actor, agreement, writing.add_party, organisation, side=side, is_public=side == "partner")
            for rank, function in enumerate(names):
                name = f"Signataire fictif {rank + 1}"
                self.on(actor, agreement, writing.add_signatory, party.pk, full_name=name, function=function.lower())
        for article, text in ARTICLES:
            self.on(actor, agreement, writing.add_article, title=article, text=text)
        articles = list(agreement.articles.all())
        for promise in promises:
            made: Commitment = self.on(
                actor,
                agreement,
                commitments.add_commitment,
                articles[promise.article].pk,
                text=promise.text,
                own_lead=promise.own_lead,
                partner_lead=promise.partner_lead,
                theme=promise.theme,
                due_on=None,
            )
            for side, what, days, _ in promise.actions:
                due_on = self.at.date() + timedelta(days=days)
                self.on(actor, agreement, commitments.add_action, made.pk, side=side, what=what, due_on=due_on)
            for each in promise.indicators:
                content_of = IndicatorContent(
                    **{name: value for name, value in each.items() if name not in {"values", "past", "answer"}}
                )
                self.on(actor, agreement, commitments.add_indicator, made.pk, content_of)
        self.on(actor, agreement, moves.move_agreement, "propose")
        for signatory in Signatory.objects.filter(party__agreement=agreement):
            self.on(actor, agreement, moves.sign_for, signatory.pk, on=signed_on)
        self.on(actor, agreement, moves.move_agreement, "sign")
        agreement.refresh_from_db()
        return agreement

    def live(self, actor: Membership, agreement: Agreement, seat: Seat | None, promises: tuple[Promise, ...]) -> None:
        """What became of a signed agreement: actions done, readings and answers, results, a committee."""
        for promise, made in zip(promises, agreement.commitments.order_by("pk"), strict=True):
            for (_, _, days, done), action in zip(promise.actions, made.actions.order_by("pk"), strict=True):
                if done:
                    on = self.at.date() + timedelta(days=days)
                    self.on(actor, agreement, commitments.finish_action, action.pk, on=on)
            for each, indicator in zip(promise.indicators, made.indicators.order_by("pk"), strict=True):
                self._read(actor, agreement, indicator, seat, each)
            if promise.outcome:
                result = {"outcome": promise.outcome, "lesson": promise.lesson}
                self.on(actor, agreement, commitments.state_outcome, made.pk, **result)
        self.on(
            actor,
            agreement,
            meetings.hold_meeting,
            MeetingContent(
                kind="steering",
                held_on=self.at.date() - timedelta(days=40),
                agenda="Relevés de l’année, orientations, programme de la suivante.",
                attendance="Les deux directions et les coordinations.",
                decisions="Une permanence commune par mois ; le relevé des orientations est partagé chaque trimestre.",
                next_on=self.at.date() + timedelta(days=140),
            ),
        )

    def _read(
        self, actor: Membership, agreement: Agreement, indicator: Indicator, seat: Seat | None, told: dict[str, Any]
    ) -> None:
        """Readings of an indicator: the latest period with its answer, and those before it when the story tells them."""
        started = agreement.starts_on or self.at.date()
        last = last_complete(indicator.frequency, since=started, on=self.at.date())
        giver = seat if indicator.owed_by == "partner" else actor
        if last is None or giver is None:
            return
        *before, latest = periods_between(indicator.frequency, started, last.last)
        past = told.get("past", ())
        for period, value in zip(before[-len(past) :] if past else (), past[-len(before) :], strict=False):
            self._answer(
                agreement, actor, seat, self._given(giver, agreement, indicator, period, value), "confirmed", ""
            )
        if indicator.known:
            for period in (*before, latest):
                reading = self.on(actor, agreement, readings.count_reading, indicator.pk, day=period.last)
        elif told.get("values") is not None:
            reading = self._given(giver, agreement, indicator, latest, told["values"])
        else:
            return
        answer, words = told.get("answer", ("", ""))
        if answer:
            self._answer(agreement, actor, seat, reading, answer, words)

    def _given(
        self, giver: Membership | Seat, agreement: Agreement, indicator: Indicator, period: Period, value: int
    ) -> Reading:
        known = {"day": period.last, "value": Decimal(value), "source": indicator.source}
        reading: Reading = self.on(giver, agreement, readings.give_reading, indicator.pk, **known)
        return reading

    def _answer(
        self, agreement: Agreement, actor: Membership, seat: Seat | None, reading: Reading, answer: str, words: str
    ) -> None:
        answering = actor if reading.by_partner else seat
        if answering is not None:
            answer_readings(answering, agreement.pk, [Seen.of(reading)], answer=answer, words=words, at=self.at)


def _organisation(actor: NetworkSeat | Membership, rank: int, name: str, at: datetime) -> Organisation:
    # SIREN 000 3xxxx: neither those of the fictional purchases nor those of the directory
    number = siret(f"000{30_000 + rank:05d}", 1)
    return find_or_create_by_siret(actor, number, identity=Identity(name=name), at=at)[0]


def _seat(partner: Organisation, head: NetworkSeat, at: datetime) -> Seat | None:
    email = next((person.email for person in DEMO_ACCOUNTS if person.role == "partner"), "")
    user = User.objects.filter(email=email).first()
    return open_seat(user, partner, "partner", by=head.user, structure=None, at=at) if user else None
