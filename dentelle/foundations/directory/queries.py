"""What the pages of the directory read: lists, an organisation, its contacts. Frozen rows, no write."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from dentelle.foundations.directory import access, learning
from dentelle.foundations.directory.addresses import is_generic
from dentelle.foundations.directory.identifiers import Identifier, shown
from dentelle.foundations.directory.models import (
    BounceKind,
    Contact,
    ContactEmail,
    Kind,
    Organisation,
    OrganisationKind,
)
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.search.queries import FEWEST_LETTERS, matching
from dentelle.foundations.search.registry import SHARED
from dentelle.opendata.text import fold

PAGE_SIZE = 50
ENOUGH_CONTACTS = 3
MOST_CONTACTS = 200
MOST_PROPOSED = 12
EXPORT_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class OrganisationFilters:
    """What the list shows: words (name, SIRET, commune), one kind, those where the structure has a contact."""

    text: str = ""
    kind: str = ""
    known: bool = False

    @property
    def active(self) -> bool:
        return bool(self.text or self.kind or self.known)


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the list. ``contacts`` and ``bouncing`` count those of the reader's structure."""

    pk: int
    name: str
    identifier: str
    siret: str
    siren: str
    commune: str
    commune_code: str
    address: str
    kinds: tuple[str, ...]
    source: str
    contacts: int
    bouncing: int


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """A page of the list; ``before`` and ``after`` are the keys that open its neighbours, None at the ends."""

    rows: tuple[OrganisationRow, ...]
    total: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class EmailRow:
    """One address of a contact; ``state`` is open, delayed, bounced or ended."""

    pk: int
    address: str
    state: str
    label: str
    reason: str
    since: date | datetime
    generic: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact of the reader's structure, with its addresses, the present ones first."""

    pk: int
    name: str
    function: str
    is_manager: bool
    phone: str
    valid_from: date
    valid_to: date | None
    emails: tuple[EmailRow, ...]


@dataclass(frozen=True, slots=True)
class ContactsBook:
    """The contacts of one structure in one organisation, and what would make them surer."""

    current: tuple[ContactRow, ...]
    former: tuple[ContactRow, ...]
    advice: tuple[str, ...]


def addresses_known(structure_pk: int, organisations: Collection[int]) -> list[tuple[str, str]]:
    """Return (address, who) of the people a structure knows today in some organisations, but those that bounce."""
    people = Contact.objects.current().filter(structure=structure_pk, organisation__in=organisations)
    found = people.select_related("organisation").prefetch_related("emails")
    return [(each.email, f"{each.name}, {each.organisation}") for each in found if each.email]


def list_organisations(
    membership: Membership,
    filters: OrganisationFilters,
    *,
    after: int | None = None,
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> OrganisationPage:
    """Return a page of the organisations, by name; a key that is no longer there starts from the beginning."""
    found = _filtered(membership, filters)
    total = found.count()
    place = _place(membership, after if before is None else before)
    backwards = before is not None and place is not None
    if place is not None:
        name, pk = place
        # the first condition is where the index is entered, the second settles those of the same name
        found = (
            found.filter(sort_name__lte=name).filter(Q(sort_name__lt=name) | Q(pk__lt=pk))
            if backwards
            else found.filter(sort_name__gte=name).filter(Q(sort_name__gt=name) | Q(pk__gt=pk))
        )
    order = ("-sort_name", "-pk") if backwards else ("sort_name", "pk")
    kept = list(_with_kinds(found.order_by(*order))[: size + 1])
    more, kept = len(kept) > size, kept[:size]
    if backwards:
        kept.reverse()
    first, last = (kept[0].pk, kept[-1].pk) if kept else (None, None)
    earlier = more if backwards else place is not None
    later = True if backwards else more
    return OrganisationPage(
        rows=tuple(_rows(membership, kept)),
        total=total,
        before=first if earlier else None,
        after=last if later else None,
    )


def every_organisation(membership: Membership, filters: OrganisationFilters) -> Iterator[OrganisationRow]:
    """Yield all the rows of a list, a batch at a time: memory does not grow with it."""
    last: tuple[str, int] = ("", 0)
    while True:
        name, pk = last
        following = Q(sort_name__gt=name) | Q(sort_name=name, pk__gt=pk)
        batch = list(
            _with_kinds(_filtered(membership, filters).filter(following).order_by("sort_name", "pk"))[:EXPORT_BATCH]
        )
        yield from _rows(membership, batch)
        if len(batch) < EXPORT_BATCH:
            return
        last = (batch[-1].sort_name, batch[-1].pk)


def proposed(
    viewer: Membership | NetworkSeat, text: str, kind: str = "", limit: int = MOST_PROPOSED
) -> list[Organisation]:
    """Return the organisations with a SIRET that answer to words being typed, those of ``kind`` first; none under two letters."""
    # every organisation is shared, and the search of a head leaves them out: it has no page to open
    answering = matching("organisation", text, viewer, scopes=(SHARED,)) if len(text) >= FEWEST_LETTERS else None
    if answering is None:
        return []
    of_kind = OrganisationKind.objects.filter(organisation=OuterRef("pk"), kind=kind, valid_to=None)
    found = access.organisations_visible_to(viewer).filter(pk__in=answering).exclude(siret=None).exclude(siret="")
    return list(found.alias(is_of_kind=Exists(of_kind)).order_by("-is_of_kind", "sort_name", "pk")[:limit])


def of_identifier(identifier: Identifier) -> Organisation | None:
    """Return the organisation of a SIRET, or the one known by its SIREN alone."""
    wanted = {"siret": identifier.siret} if identifier.siret else {"siren": identifier.siren, "siret": ""}
    # the living record first: after a merge the signpost may bear the same number
    found = Organisation.objects.filter(**wanted).select_related("merged_into")
    rows = sorted(found, key=lambda row: (row.merged_into_id is not None, row.pk))
    return access.current(rows[0]) if rows else None


def called(viewer: Membership | NetworkSeat, name: str) -> list[Organisation]:
    """Return the organisations of exactly this name, accents and case indifferent: ``MOST_PROPOSED`` at most."""
    found = access.organisations_visible_to(viewer).filter(sort_name=fold(name)).order_by("siren", "siret", "pk")
    return list(found[:MOST_PROPOSED])


def contacts_of(membership: Membership, organisation: Organisation) -> ContactsBook:
    """Return the contacts of the reader's structure in an organisation."""
    found = (
        access.contacts_visible_to(membership)
        .filter(organisation=organisation)
        .prefetch_related("emails")
        .order_by("-is_manager", "name", "pk")[:MOST_CONTACTS]
    )
    rows = [_contact_row(contact) for contact in found]
    current = tuple(row for row in rows if row.valid_to is None)
    former = tuple(row for row in rows if row.valid_to is not None)
    return ContactsBook(current, former, tuple(_advice(current)))


def _filtered(membership: Membership, filters: OrganisationFilters) -> QuerySet[Organisation]:
    found: QuerySet[Organisation] = access.organisations_visible_to(membership)
    if filters.text:
        answering = matching("organisation", filters.text, membership)
        found = found.filter(pk__in=answering) if answering is not None else found.none()
    if filters.kind:
        found = found.filter(
            pk__in=OrganisationKind.objects.filter(kind=filters.kind, valid_to=None).values("organisation_id")
        )
    if filters.known:
        mine = access.contacts_visible_to(membership).filter(valid_to=None)
        found = found.filter(pk__in=mine.values("organisation_id"))
    return found


def _place(membership: Membership, pk: int | None) -> tuple[str, int] | None:
    if pk is None:
        return None
    return access.organisations_visible_to(membership).filter(pk=pk).values_list("sort_name", "pk").first()


def _with_kinds(found: QuerySet[Organisation]) -> QuerySet[Organisation]:
    return found.prefetch_related(Prefetch("kinds", OrganisationKind.objects.filter(valid_to=None).order_by("kind")))


def _rows(membership: Membership, organisations: Sequence[Organisation]) -> Iterator[OrganisationRow]:
    counts = _contact_counts(membership, [organisation.pk for organisation in organisations])
    for organisation in organisations:
        contacts, bouncing = counts[organisation.pk]
        yield OrganisationRow(
            pk=organisation.pk,
            name=organisation.name,
            identifier=shown(organisation.identifier),
            siret=organisation.siret,
            siren=organisation.siren,
            commune=learning.commune_name(organisation.commune_code),
            commune_code=organisation.commune_code,
            address=organisation.address,
            kinds=tuple(Kind(row.kind).label for row in organisation.kinds.all()),
            source=organisation.get_name_source_display(),
            contacts=contacts,
            bouncing=bouncing,
        )


def _contact_counts(membership: Membership, pks: Sequence[int]) -> defaultdict[int, tuple[int, int]]:
    found = (
        access.contacts_visible_to(membership)
        .filter(organisation_id__in=pks, valid_to=None)
        .order_by()
        .values("organisation_id")
        .annotate(
            contacts=Count("pk", distinct=True),
            bouncing=Count("emails", filter=Q(emails__valid_to=None, emails__bounced_at__isnull=False), distinct=True),
        )
    )
    counts: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    counts.update({row["organisation_id"]: (row["contacts"], row["bouncing"]) for row in found})
    return counts


def _contact_row(contact: Contact) -> ContactRow:
    emails = sorted((_email_row(email) for email in contact.emails.all()), key=lambda row: row.state == "ended")
    return ContactRow(
        pk=contact.pk,
        name=contact.name,
        function=contact.function,
        is_manager=contact.is_manager,
        phone=contact.phone,
        valid_from=contact.valid_from,
        valid_to=contact.valid_to,
        emails=tuple(emails),
    )


def _email_row(email: ContactEmail) -> EmailRow:
    if email.valid_to is not None:
        state, label, since = "ended", "close", email.valid_to
    elif email.bounced_at is not None:
        state, label, since = "bounced", "rebondit", email.bounced_at
    elif email.bounce_kind == BounceKind.TEMPORARY:
        state, label, since = "delayed", "remise retardée", email.valid_from
    else:
        state, label, since = "open", "en service", email.valid_from
    reason = " · ".join(filter(None, (email.bounce_status, email.bounce_reason)))
    return EmailRow(email.pk, email.address, state, label, reason, since, is_generic(email.address))


def _advice(current: Sequence[ContactRow]) -> Iterator[str]:
    """What would make this organisation easier to reach; nothing here forbids anything."""
    working = [email for contact in current for email in contact.emails if email.state in {"open", "delayed"}]
    if len(current) < ENOUGH_CONTACTS:
        yield (
            f"Gardez au moins trois contacts ({len(current)} aujourd’hui) : les personnes changent de poste, "
            "le marché dure plusieurs années."
        )
    if current and not any(contact.is_manager for contact in current):
        yield "Aucun de ces contacts n’est noté responsable : ajoutez la personne qui décide."
    if current and not working:
        yield "Aucune adresse ne fonctionne : plus personne ne peut être prévenu par courriel."
    elif working and all(email.generic for email in working):
        yield "Seules des adresses génériques sont connues : elles meurent sans prévenir. Ajoutez une adresse nominative."
