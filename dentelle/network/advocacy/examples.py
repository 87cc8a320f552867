"""Past white papers shipped with what is known of them, and nothing else: what no source gives is an empty slot, marked so."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy.models import Carried, Chapter, PaperState, Proposal, WhitePaper
from dentelle.network.advocacy.refusals import AdvocacyRefused


@dataclass(frozen=True, slots=True)
class Example:
    """What sources say of a past white paper. ``chapters``: known titles, empty where none is; ``proposals``: how many it had."""

    title: str
    aim: str
    published_on: date
    carried_to: str
    chapters: tuple[tuple[str, str], ...]
    proposals: int
    note: str


# Sources: Banque des Territoires, 17 February 2022 (« 25 propositions »); Maire-info, 18 February 2022; the foreword of the manifesto.
MANIFESTO_2022 = Example(
    title=(
        "Agir ensemble pour l’emploi et le développement économique des territoires – 25 propositions des élus locaux "
        "en faveur de l’emploi à destination des candidats"
    ),
    aim="Accompagner 100\u202f000 personnes de plus par an, pendant cinq ans.",
    published_on=date(2022, 2, 16),
    carried_to="Présentation au Sénat",
    chapters=(
        (
            "Service public territorialisé pour l’emploi et la cohésion sociale",
            "Ce que la presse en dit\u00a0: couvrir les zones blanches avec 1,5 ETP par bassin d’emploi\u00a0; un fonds régional pour un "
            "service mobile\u00a0; dix nouveaux PLIE\u00a0; le financement des maisons de l’emploi (6\u00a0M€) dans le projet de loi de "
            "finances. Quelles propositions numérotées le portent n’est pas connu.",
        ),
        *(("", ""),) * 4,
    ),
    proposals=25,
    note=(
        "Exemple\u00a0: la presse dit le titre, la date, l’objectif, le nombre de chapitres et de propositions, et de quoi parle le "
        "premier chapitre. Né de sept mois de collecte et d’analyse d’actions locales, à l’initiative d’élus de tous bords. Les "
        "titres des chapitres 2 à 5 et le texte des 25 propositions ne figurent dans aucune source disponible."
    ),
)


@transaction.atomic
def add_example(seat: NetworkSeat, example: Example, *, at: datetime) -> WhitePaper:
    """Put an example among the white papers of the head's network; one already there is returned as it is. Raises AdvocacyRefused."""
    found = WhitePaper.objects.filter(network=seat.network_id, is_example=True, title=example.title).first()
    if found is not None:
        return found
    if WhitePaper.objects.filter(network=seat.network_id, title=example.title).exists():
        raise AdvocacyRefused("title_taken", "Le réseau a déjà un livre blanc de ce titre, qui n’est pas un exemple.")
    paper = WhitePaper.objects.create(
        network_id=seat.network_id,
        title=example.title,
        aim=example.aim,
        state=PaperState.PUBLISHED,
        published_on=example.published_on,
        is_example=True,
        note=example.note,
        created_at=at,
        created_by=seat.user,
    )
    Chapter.objects.bulk_create(
        Chapter(
            network_id=seat.network_id,
            paper=paper,
            rank=rank,
            title=title,
            introduction=introduction,
            is_unavailable=not title,
        )
        for rank, (title, introduction) in enumerate(example.chapters, start=1)
    )
    Proposal.objects.bulk_create(
        Proposal(network_id=seat.network_id, paper=paper, number=number, is_unavailable=True, changed_at=at)
        for number in range(1, example.proposals + 1)
    )
    Carried.objects.create(
        network_id=seat.network_id, paper=paper, to_whom=example.carried_to, carried_on=example.published_on
    )
    record("paper.example_added", paper, at=at, actor=seat.user, structure=None)
    return paper
