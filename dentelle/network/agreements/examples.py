"""Past agreements shipped with what is known of them, and nothing else: their texts are empty slots, marked so."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.search.actions import index
from dentelle.network.agreements.models import (
    Agreement,
    AgreementLevel,
    AgreementTheme,
    Article,
    Party,
    PartySide,
    Signatory,
)
from dentelle.network.agreements.states import AgreementState


@dataclass(frozen=True, slots=True)
class Example:
    """What a source says of a past framework agreement; ``articles`` is how many it had, whose texts no source gave.

    ``parties``: name, side, public body or not, and who signed with their function that day.
    """

    title: str
    purpose: str
    themes: tuple[str, ...]
    parties: tuple[tuple[str, str, bool, tuple[tuple[str, str], ...]], ...]
    signed_on: date
    articles: int
    note: str


# Source: Localtis, July 2020, reproduced without the box that lists the articles; see docs/sources.md.
PUBLIC_EMPLOYMENT_SERVICE_2020 = Example(
    title="Convention-cadre Pôle emploi – Alliance Villes Emploi, 16 juillet 2020",
    purpose=(
        "Donner un cadre à la coopération de Pôle emploi et des membres d’Alliance Villes Emploi, là où elle sert, pour que "
        "leurs actions se complètent dans une politique de l’emploi menée par territoire\u00a0; reconnaître le rôle de chacun, "
        "mettre en valeur ce qui se fait ensemble et permettre à d’autres territoires de s’en inspirer."
    ),
    themes=(AgreementTheme.MOBILITY.value, AgreementTheme.DIGITAL.value, AgreementTheme.CAREER.value),
    parties=(
        (
            "Alliance Villes Emploi",
            PartySide.AUTHOR.value,
            False,
            (
                (
                    "Yohan David",
                    "vice-président, directeur de la maison de l’emploi de Bordeaux, représentant Nathalie Delattre, présidente",
                ),
            ),
        ),
        ("Pôle emploi", PartySide.PARTNER.value, True, (("Jean Bassères", "directeur général"),)),
    ),
    signed_on=date(2020, 7, 16),
    articles=4,
    note=(
        "Exemple\u00a0: la presse dit l’objet, les thèmes, la date, les signataires et le nombre d’articles. Le texte des quatre articles, le début "
        "et la fin ne figurent dans aucune source disponible. Il n’y avait plus de convention depuis 2014."
    ),
)


@transaction.atomic
def add_example(actor: NetworkSeat, example: Example, *, at: datetime) -> Agreement:
    """Put an example among the frameworks of the head's network; one already there is returned as it is. It frames nothing."""
    found = Agreement.objects.filter(network=actor.network_id, is_example=True, title=example.title).first()
    if found is not None:
        return found
    agreement = Agreement.objects.create(
        network=actor.network,
        level=AgreementLevel.FRAMEWORK,
        title=example.title,
        purpose=example.purpose,
        themes=list(example.themes),
        state=AgreementState.SIGNED,
        state_since=at,
        signed_on=example.signed_on,
        is_example=True,
        note=example.note,
        created_at=at,
        updated_at=at,
        created_by=actor.user,
    )
    for name, side, is_public, signatories in example.parties:
        party = Party.objects.create(agreement=agreement, name=name, side=side, is_public=is_public)
        Signatory.objects.bulk_create(
            Signatory(party=party, full_name=person, function=function, signed_on=example.signed_on)
            for person, function in signatories
        )
    Article.objects.bulk_create(
        Article(agreement=agreement, rank=rank, is_unavailable=True) for rank in range(1, example.articles + 1)
    )
    record("agreement.created", agreement, at=at, actor=actor.user, structure=None, level=agreement.level, revision=1)
    index(agreement)
    return agreement
