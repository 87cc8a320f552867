"""The surveys of the demonstration: the Tour's, half answered; last year's consolidation of the clause, closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.surveys import actions, closing, inviting, writing
from dentelle.network.surveys.models import Campaign, Invitee
from dentelle.rules.questionnaires import Ask, Condition

BUYERS = {"buyers_communes": 3, "buyers_epci": 1, "buyers_landlords": 2}
DESKS = ("clause@agglomeration.example", "clause@departement.example", "clause@metropole.example")
EXPERIENCES = (
    {
        "subject": ["participation", "local_management"],
        "title": "Un atelier avec les gardiens d’immeuble avant d’écrire la clause",
        "what": "Les gardiens ont dit ce qui se répare mal et qui, parmi les habitants, saurait le faire.",
        "outcome": "worked",
        "result": "Deux lots ajoutés au marché",
        "difficulty": "Il a fallu trois mois pour réunir tout le monde.",
        "sheet": "yes",
        "contact": "Accueil de la structure (fictif)",
    },
    {
        "subject": ["training"],
        "title": "Une formation commencée avant la notification",
        "what": "Le centre de formation a ouvert la session sur la foi de la programmation ; le marché a été déclaré sans suite.",
        "outcome": "failed",
        "difficulty": "Neuf stagiaires formés sans chantier.",
        "sheet": "no",
    },
)


PARTNERS = {
    "achats@acheteur.example": "buyer",
    "rh@entreprise.example": "company",
    "direction@insertion.example": "siae",
}


def load_surveys(writers: Sequence[Membership], seat: NetworkSeat, *, site: str, at: datetime) -> int:
    """Ask the Tour's survey to the structures and three partners, answer some of it; return how many are invited."""
    tour = _campaign(
        seat, "tour", "Avant le Tour : vos retours d’expérience", None, at=at - timedelta(days=12), days=33
    )
    inviting.invite_structures(seat, tour.pk, at=at - timedelta(days=12))
    for writer, told in zip(writers, EXPERIENCES, strict=False):
        invitee = _invitee(tour, writer)
        then = at - timedelta(days=5)
        you = {
            "structure": writer.structure.name,
            "role": "facilitator",
            "place": "Deux-Sèvres",
            "has_experience": "yes",
        }
        actions.save_part(invitee, "you", 1, you, at=then)
        actions.save_part(invitee, "experience", 1, told, at=then)
        actions.save_part(
            invitee, "needs", 1, {"need": "Des exemples de clauses hors bâtiment.", "meeting": "yes"}, at=then
        )
        actions.submit(invitee, "", at=then, actor=writer.user)
    for address, kind in PARTNERS.items():
        inviting.invite_addresses(
            seat, tour.pk, address, kind=kind, region_code="75", site=site, at=at - timedelta(days=10)
        )
    year = at.year - 1
    clause = _campaign(seat, "clause", f"La clause en {year}", year, at=at - timedelta(days=60), days=30)
    inviting.invite_structures(seat, clause.pk, at=at - timedelta(days=60))
    _desks_outside(clause, seat, site=site, at=at - timedelta(days=50))
    for rank, writer in enumerate(writers, start=1):
        invitee = _invitee(clause, writer)
        then = at - timedelta(days=50)
        actions.save_part(invitee, "contracts", 1, BUYERS | {"buyers": 6 * rank, "contracts": 18 * rank}, at=then)
        actions.save_part(invitee, "hours", 1, {"hours_done": 9_500 * rank, "hours_siae": 5_200 * rank}, at=then)
        people = {"people": 27 * rank, "women": 9 * rank, "men": 18 * rank, "qpv": 8 * rank}
        actions.save_part(invitee, "people", 1, people, at=then)
        actions.save_part(invitee, "means", 1, {"facilitators_fte": 150 + 50 * rank}, at=then)
        actions.submit(invitee, "", at=then, actor=writer.user)
    closing.close_campaign(seat, clause.pk, at=at - timedelta(days=30))
    _next_version(seat, tour, at=at - timedelta(days=2))
    return tour.invitees.count()


def _next_version(seat: NetworkSeat, tour: Campaign, *, at: datetime) -> None:
    """Begin what the Tour will ask next time: a question more, a branch, words made clearer."""
    draft = writing.prepare_next(seat, tour.questionnaire_id, at=at)
    came = Ask("deja_venu", "Êtes-vous déjà venu à une étape ?", "yes_no")
    writing.write_ask(seat, draft.pk, "needs", came, new=True, at=at)
    only_if = Condition("deja_venu", ("yes",))
    kept = Ask("", "Qu’en avez-vous gardé ?", "text", help="Une idée reprise, un contact, rien.", only_if=only_if)
    writing.write_ask(seat, draft.pk, "needs", kept, new=True, at=at)


def _desks_outside(clause: Campaign, seat: NetworkSeat, *, site: str, at: datetime) -> None:
    """Clause desks of local authorities, fictional, answer by a link: a total is read from five organisations on."""
    inviting.invite_addresses(seat, clause.pk, "\n".join(DESKS), kind="epci", region_code="75", site=site, at=at)
    for rank, address in enumerate(DESKS, start=1):
        invitee = Invitee.objects.select_related("campaign__questionnaire").get(campaign=clause, email=address)
        actions.save_part(invitee, "contracts", 1, {"buyers": 4 + rank, "contracts": 11 * rank}, at=at)
        actions.save_part(invitee, "hours", 1, {"hours_done": 6_300 * rank, "hours_siae": 3_900 * rank}, at=at)
        actions.save_part(invitee, "people", 1, {"people": 19 * rank, "women": 7 * rank, "men": 12 * rank}, at=at)
        actions.submit(invitee, "", at=at)


def _campaign(seat: NetworkSeat, code: str, title: str, year: int | None, *, at: datetime, days: int) -> Campaign:
    asked = actions.take_shipped(seat, code, at=at)
    made = actions.create_campaign(
        seat, questionnaire=asked.pk, title=title, closes_on=(at + timedelta(days=days)).date(), anonymous=False, year=year, at=at
    )  # fmt: skip
    return actions.open_campaign(seat, made.pk, at=at)


def _invitee(campaign: Campaign, writer: Membership) -> Invitee:
    found = Invitee.objects.select_related("campaign__questionnaire", "structure")
    return found.get(campaign=campaign, structure=writer.structure)
