"""The organisations of the demonstration: buyers and companies of its fictional purchases, SIAE and others beside them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from dentelle.demo.buyers import ENDINGS, SYLLABLES, siret
from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret
from dentelle.foundations.directory.contact_actions import ContactWords, add_contact, mark_bounced
from dentelle.foundations.directory.models import Kind, Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.marts.serving_store import ServingStore
from dentelle.opendata.text import fold

BUYERS, COMPANIES = 12, 30
SEED = 11
# what each is, how it is called, how many
BESIDE = (
    (Kind.SIAE_EI, "Insertion", 3),
    (Kind.SIAE_ACI, "Chantiers", 3),
    (Kind.SIAE_AI, "Entraide", 2),
    (Kind.SIAE_ETTI, "Intérim d’insertion", 2),
    (Kind.GEIQ, "GEIQ", 1),
    (Kind.EA, "Ateliers adaptés", 1),
    (Kind.ESAT, "ESAT", 1),
    (Kind.TRAINING_BODY, "Formation", 1),
    (Kind.EMPLOYMENT_AGENCY, "Agence d’emploi", 1),
)
FIRST_NAMES = (
    "Agnès",
    "Bruno",
    "Céline",
    "Driss",
    "Élodie",
    "Farid",
    "Gaëlle",
    "Hervé",
    "Isabelle",
    "Joël",
    "Karima",
    "Luc",
)
LAST_NAMES = (
    "Arnaud",
    "Besson",
    "Coulon",
    "Dumas",
    "Étienne",
    "Fabre",
    "Gaillard",
    "Hamon",
    "Imbert",
    "Jolivet",
    "Kerdal",
    "Lorin",
)
FUNCTIONS = (
    ("direction de la commande publique", True),
    ("chargé ou chargée d’affaires", False),
    ("suivi des travaux", False),
)


def load_directory(
    membership: Membership, store: ServingStore, communes: Sequence[str], *, place: int, at: datetime
) -> tuple[int, int]:
    """Make the organisations a structure works with, and whom it knows there; return how many of each.

    ``communes`` are those of its territory, the most populous first: its buyers are the ones with most contracts there.
    ``place`` is that of the structure in the story, from 1: the same story whatever keys the database gives.
    """
    random = Random(SEED + place)  # noqa: S311 (a reproducible story, not a secret)
    made = [
        *_bought(membership, store, communes, at),
        *_beside(membership, communes, place, random, at),
    ]
    people = 0
    for rank, organisation in enumerate(made):
        if rank < BUYERS or rank % 4 == 0:
            people += _contacts(membership, organisation, rank, random, at)
    return len(made), people


def _bought(
    membership: Membership, store: ServingStore, communes: Sequence[str], at: datetime
) -> Iterator[Organisation]:
    """The buyers with most contracts on the territory, then the companies they chose most."""
    marks = ", ".join("?" for _ in communes)
    buyers = store.rows(
        "SELECT any_value(buyer_id), mode(commune_code) FROM purchases "  # noqa: S608 (question marks)
        f"WHERE place_area IN ({marks}) AND buyer_siren IS NOT NULL AND length(buyer_id) = 14 "
        f"GROUP BY buyer_siren ORDER BY count(*) DESC, buyer_siren LIMIT {BUYERS}",
        [f"commune:{code}" for code in communes],
    )
    for number, commune in buyers:
        yield _made(membership, number, "", [Kind.BUYER], at, commune or "")
    chosen = store.rows(
        "SELECT h.holder_id FROM holders h JOIN purchases p USING (row_id) "  # noqa: S608 (question marks)
        f"WHERE p.place_area IN ({marks}) AND h.holder_id_valid AND length(h.holder_id) = 14 "
        f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {COMPANIES}",
        [f"commune:{code}" for code in communes],
    )
    for (number,) in chosen:
        yield _made(membership, number, "", [Kind.COMPANY], at)


def _beside(
    membership: Membership, communes: Sequence[str], place: int, random: Random, at: datetime
) -> Iterator[Organisation]:
    rank = 0
    for kind, word, count in BESIDE:
        for _ in range(count):
            # SIREN 000 2xxxx: never those of the companies of the fictional purchases (000 1xxxx)
            number = siret(f"000{20_000 + place * 100 + rank:05d}", 1)
            name = f"{word} {random.choice(SYLLABLES)}{random.choice(ENDINGS)} (fictif)"
            yield _made(membership, number, name, [kind], at, communes[rank % len(communes)])
            rank += 1


def _made(
    membership: Membership, number: str, name: str, kinds: Sequence[str], at: datetime, commune: str = ""
) -> Organisation:
    identity = Identity(name=name or "Organisation fictive", commune_code=commune)
    return find_or_create_by_siret(membership, number, identity=identity, kinds=kinds, at=at)[0]


def _contacts(membership: Membership, organisation: Organisation, rank: int, random: Random, at: datetime) -> int:
    """Three people in the first organisations, fewer in others: one bounces, one has only a counter's address."""
    since = at.date() - timedelta(days=random.randint(60, 900))
    domain = f"{fold(organisation.name).replace(' fictive', '').replace(' fictif', '').replace(' ', '-')[:40]}.example"
    count = 3 if rank < 6 else 1
    for place in range(count):
        first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        function, is_manager = FUNCTIONS[place if rank < 6 else 1]
        address = f"contact@{domain}" if rank == 7 else f"{fold(first)}.{fold(last)}@{domain}"
        words = ContactWords(f"{first} {last}", function, is_manager, "")
        contact = add_contact(membership, organisation.pk, words, emails=[address], on=since, at=at)
        if rank == 1 and place == 1:
            mark_bounced(membership, contact.emails.get().pk, reason="réponse automatique : boîte supprimée", at=at)
    return count
