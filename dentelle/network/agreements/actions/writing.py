"""Writing an agreement while it is a draft: its head, parties, signatories and articles."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.search.actions import index
from dentelle.network.agreements.access import Author, Viewer, agreements_visible_to, may_write, network_pk
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.models import (
    Agreement,
    AgreementLevel,
    AgreementTheme,
    Article,
    Party,
    PartySide,
    Signatory,
)
from dentelle.network.agreements.public_bodies import known_private, known_public
from dentelle.network.agreements.refusals import AgreementRefused

MOST_PARTIES, MOST_ARTICLES = 12, 60


@dataclass(frozen=True, slots=True)
class AgreementContent:
    """The head of an agreement, as typed. ``framework`` is a framework of the network, for a local one."""

    title: str
    reference: str = ""
    purpose: str = ""
    themes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    starts_on: date | None = None
    ends_on: date | None = None
    framework: Agreement | None = None


def create_agreement(actor: Author, content: AgreementContent, *, at: datetime) -> Agreement:
    """Make a draft: a framework by the head of the network, a local agreement by a writer of a structure. Raises AgreementRefused."""
    if not may_write(actor):
        raise Http404
    head = isinstance(actor, NetworkSeat)
    with transaction.atomic():
        agreement = Agreement(
            network_id=network_pk(actor),
            structure=None if isinstance(actor, NetworkSeat) else actor.structure,
            level=AgreementLevel.FRAMEWORK if head else AgreementLevel.LOCAL,
            state_since=at,
            created_at=at,
            updated_at=at,
            created_by=actor.user,
        )
        _fill(agreement, content, actor)
        agreement.save(force_insert=True)
        record(
            "agreement.created",
            agreement,
            at=at,
            actor=actor.user,
            structure=agreement.structure,
            level=agreement.level,
            revision=1,
        )
        index(agreement)
    return agreement


def update_agreement(
    actor: Author, pk: int, content: AgreementContent, *, expected_revision: int, at: datetime
) -> Agreement:
    """Change the head of a draft. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        agreement = change.agreement
        before = _known(agreement)
        _fill(agreement, content, actor)
        agreement.save()
        changed = sorted(name for name, value in _known(agreement).items() if before[name] != value)
        change.record("agreement.updated", fields=changed)
        index(agreement)
    return change.agreement


def add_party(
    actor: Author,
    pk: int,
    organisation: Organisation,
    *,
    side: str,
    is_public: bool | None,
    is_own: bool = False,
    expected_revision: int,
    at: datetime,
) -> Party:
    """Add an organisation to those that sign; ``is_public`` None is read from what is known. Raises AgreementRefused, EditedMeanwhile.

    ``is_own``: it is the structure itself, however it is spelt; said of a party already there, it is noted on it.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        agreement = change.agreement
        own = is_own and agreement.structure is not None
        if own and side != PartySide.AUTHOR:
            raise AgreementRefused("own_side", "Votre structure est du côté « réseau ou structure ».", "side")
        party = agreement.parties.filter(organisation=organisation, side=PartySide.AUTHOR).first() if own else None
        if party is None:
            party = make_party(agreement, organisation, side=side, is_public=is_public)
            change.record("agreement.party_added", party, siret=organisation.siret)
        if own:
            party.is_own = True
            party.save(update_fields=["is_own"])
            change.record("agreement.party_is_own", party, siret=organisation.siret)
    return party


def make_party(agreement: Agreement, organisation: Organisation, *, side: str, is_public: bool | None) -> Party:
    """Make a party once all it needs is known; the caller has checked who acts. Raises AgreementRefused."""
    if side not in PartySide.values:
        raise AgreementRefused("side", "Dites de quel côté est cette organisation.", "side")
    if not organisation.siret:
        raise AgreementRefused("siret", "Une partie est connue par son SIRET, pas par son seul SIREN.", "siret")
    if agreement.parties.count() >= MOST_PARTIES:
        raise AgreementRefused("too_many", f"Une convention a au plus {MOST_PARTIES} parties.")
    if agreement.parties.filter(organisation=organisation).exists():
        raise AgreementRefused("twice", f"« {organisation} » est déjà partie à cette convention.", "siret")
    public = _is_public(organisation, is_public)
    return Party.objects.create(
        structure=agreement.structure, agreement=agreement, organisation=organisation, side=side, is_public=public
    )


def _is_public(organisation: Organisation, said: bool | None) -> bool:
    known = known_public(organisation)
    if said is False and known:
        raise AgreementRefused(
            "public",
            f"« {organisation} » est un organisme public d’après {known}\u00a0: deux personnes signent.",
            "is_public",
        )
    if said is not None:
        return said
    if not known and not known_private(organisation):
        raise AgreementRefused(
            "public",
            f"Rien de connu ne dit si « {organisation} » est un organisme public\u00a0: dites-le.",
            "is_public",
        )
    return bool(known)


def remove_party(actor: Author, pk: int, party_pk: int, *, expected_revision: int, at: datetime) -> None:
    """Take a party out of a draft, with its signatories. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        party = _part(change, Party, party_pk)
        change.record("agreement.party_removed", party, siret=party.organisation.siret if party.organisation else "")
        party.delete()


def add_signatory(
    actor: Author, pk: int, party_pk: int, *, full_name: str, function: str, expected_revision: int, at: datetime
) -> Signatory:
    """Name somebody who signs for a party. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        party = _part(change, Party, party_pk)
        name = " ".join(full_name.split())
        if not name:
            raise AgreementRefused("name", "Donnez le nom de la personne qui signe.", "full_name")
        if party.signatories.filter(full_name=name).exists():
            raise AgreementRefused("twice", f"« {name} » signe déjà pour {party}.", "full_name")
        signatory = Signatory.objects.create(
            structure=change.agreement.structure, party=party, full_name=name, function=function.strip()
        )
        change.record("agreement.signatory_named", signatory, party=party.pk)
    return signatory


def remove_signatory(actor: Author, pk: int, signatory_pk: int, *, expected_revision: int, at: datetime) -> None:
    """Take a signatory out of a draft. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        signatory = Signatory.objects.filter(party__agreement=change.agreement, pk=signatory_pk).first()
        if signatory is None:
            raise Http404
        change.record("agreement.signatory_removed", signatory)
        signatory.delete()


def add_article(actor: Author, pk: int, *, title: str, text: str, expected_revision: int, at: datetime) -> Article:
    """Add an article after the others. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        agreement = change.agreement
        last = agreement.articles.aggregate(last=Max("rank"))["last"] or 0
        if last >= MOST_ARTICLES:
            raise AgreementRefused("too_many", f"Une convention a au plus {MOST_ARTICLES} articles.")
        article = Article.objects.create(
            structure=agreement.structure,
            agreement=agreement,
            rank=last + 1,
            title=title.strip(),
            text=text.strip(),
        )
        change.record("agreement.article_added", article, rank=article.rank)
    return article


def update_article(
    actor: Author, pk: int, article_pk: int, *, title: str, text: str, expected_revision: int, at: datetime
) -> Article:
    """Rewrite an article of a draft. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        article: Article = _part(change, Article, article_pk)
        article.title, article.text = title.strip(), text.strip()
        article.save(update_fields=["title", "text"])
        change.record("agreement.article_updated", article, rank=article.rank)
    return article


def move_article_up(actor: Author, pk: int, article_pk: int, *, expected_revision: int, at: datetime) -> Article:
    """Exchange an article with the one before it. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        article: Article = _part(change, Article, article_pk)
        before = change.agreement.articles.filter(rank__lt=article.rank).order_by("-rank").first()
        if before is None:
            raise AgreementRefused("first", "Cet article est déjà le premier.")
        rank, other = article.rank, before.rank
        # ranks are unique: the first goes aside while the other takes its place
        Article.objects.filter(pk=before.pk).update(rank=MOST_ARTICLES + 1)
        Article.objects.filter(pk=article.pk).update(rank=other)
        Article.objects.filter(pk=before.pk).update(rank=rank)
        article.rank = other
        change.record("agreement.article_moved", article, rank=other)
    return article


def remove_article(actor: Author, pk: int, article_pk: int, *, expected_revision: int, at: datetime) -> None:
    """Take an article out of a draft; those after it move up. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        article = _part(change, Article, article_pk)
        if article.commitments.exists():
            raise AgreementRefused("committed", "Des engagements tiennent à cet article\u00a0: retirez-les d’abord.")
        rank = article.rank
        change.record("agreement.article_removed", article, rank=rank)
        article.delete()
        for each in change.agreement.articles.filter(rank__gt=rank).order_by("rank"):
            Article.objects.filter(pk=each.pk).update(rank=each.rank - 1)


def _fill(agreement: Agreement, content: AgreementContent, actor: Viewer) -> None:
    title = " ".join(content.title.split())
    if not title:
        raise AgreementRefused("title", "Donnez un intitulé.", "title")
    if content.starts_on and content.ends_on and content.ends_on < content.starts_on:
        raise AgreementRefused("period", "La fin précède le début.", "ends_on")
    unknown = set(content.themes) - set(AgreementTheme.values)
    if unknown:
        raise AgreementRefused("theme", "Choisissez les thèmes dans la liste.", "themes")
    if content.framework is not None:
        known = agreements_visible_to(actor).frameworks().filter(pk=content.framework.pk, is_example=False)
        if agreement.is_framework or not known.exists():
            raise AgreementRefused("framework", "Choisissez une convention-cadre du réseau.", "framework")
    agreement.reference, agreement.purpose = content.reference.strip(), content.purpose.strip()
    agreement.themes, agreement.places = list(content.themes), list(content.places)
    agreement.starts_on, agreement.ends_on = content.starts_on, content.ends_on
    agreement.title, agreement.framework = title, content.framework


def _known(agreement: Agreement) -> dict[str, Any]:
    return {name: getattr(agreement, name) for name in AgreementContent.__dataclass_fields__ if name != "framework"} | {
        "framework": agreement.framework_id
    }


def _part(change: Change, model: Any, pk: int) -> Any:
    """Return a part of the agreement being changed, or 404."""
    found = model.objects.filter(agreement=change.agreement, pk=pk).first()
    if found is None:
        raise Http404
    return found
