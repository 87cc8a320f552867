"""What people do to organisations. Each act: access, rule, write, journal, in one transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory import access, learning
from dentelle.foundations.directory.identifiers import Identifier, IdentifierRefused, read_identifier
from dentelle.foundations.directory.models import Kind, NameSource, Organisation, OrganisationKind, Seat, SeatRole
from dentelle.foundations.directory.queries import of_identifier
from dentelle.foundations.directory.refusals import DirectoryRefused, EditedMeanwhile
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Structure
from dentelle.foundations.search.actions import index, index_many
from dentelle.opendata.text import fold

LONGEST_NAME = 250
READER = "Votre rôle permet de lire l’annuaire, pas de le modifier."


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person types of an organisation; empty texts are left to what open data say."""

    name: str = ""
    commune_code: str = ""
    address: str = ""
    legal_category: str = ""


def find_by_siret(text: object) -> Organisation | None:
    """Return the organisation of a SIRET or SIREN (the record kept, if merged), None when there is none yet.

    Raises IdentifierRefused when ``text`` is neither.
    """
    return of_identifier(read_identifier(text))


def find_or_create_by_siret(
    actor: Membership | NetworkSeat,
    text: object,
    *,
    at: datetime,
    identity: Identity | None = None,
    kinds: Collection[str] = (),
) -> tuple[Organisation, bool]:
    """Return the organisation of a SIRET (or SIREN) and whether it was made.

    Its name and commune are learnt from open data when loaded, else taken from ``identity``. An organisation that exists keeps
    what it has; ``kinds`` it lacks are opened. Raises IdentifierRefused, and DirectoryRefused ``name_needed`` when nothing says
    its name.
    """
    if not access.may_make(actor):
        raise DirectoryRefused("reader", READER)
    identifier = read_identifier(text)
    _check_kinds(kinds)
    with transaction.atomic():
        found = of_identifier(identifier)
        if found is not None:
            open_kinds(actor, found, kinds, at=at)
            return found, False
        organisation = _new(identifier, identity or Identity(), at)
        try:
            with transaction.atomic():
                organisation.save(force_insert=True)
        except IntegrityError:
            # somebody made it between our look and our write
            found = of_identifier(identifier)
            if found is None:
                raise
            return found, False
        record(
            "organisation.created",
            organisation,
            at=at,
            actor=actor.user,
            structure=_structure_of(actor),
            siret=organisation.identifier,
            source=organisation.name_source,
        )
        open_kinds(actor, organisation, kinds, at=at, told=False)
        index(organisation)
    return organisation, True


def update_organisation(
    actor: Membership, pk: int, identity: Identity, *, siret: str = "", expected_revision: int, at: datetime
) -> Organisation:
    """Replace the name, commune, address and legal category; ``siret`` completes one known by its SIREN only.

    Raises EditedMeanwhile when somebody saved it since ``expected_revision``.
    """
    with transaction.atomic():
        organisation = access.organisation_editable_by(actor, pk)
        # the comparison and the increment are one statement: two saves can never both win
        moved = Organisation.objects.filter(pk=organisation.pk, revision=expected_revision).update(
            revision=expected_revision + 1
        )
        if not moved:
            raise EditedMeanwhile
        before = {name: getattr(organisation, name) for name in _IDENTITY}
        if siret and not organisation.siret:
            organisation.siret = _completed(organisation, siret)
        if fold(identity.name) != organisation.sort_name or identity.name != organisation.name:
            organisation.name_source = NameSource.TYPED
        _fill(organisation, identity)
        organisation.revision = expected_revision + 1
        organisation.updated_at = at
        organisation.save()
        changed = sorted(name for name in _IDENTITY if before[name] != getattr(organisation, name))
        if changed:
            record(
                "organisation.updated",
                organisation,
                at=at,
                actor=actor.user,
                structure=actor.structure,
                fields=changed,
                siret=organisation.identifier,
            )
        index(organisation)
        if "name" in changed:  # contacts are also found by the name of their organisation
            index_many(organisation.contacts.select_related("organisation").prefetch_related("emails"))
    return organisation


_IDENTITY = ("siret", "name", "commune_code", "address", "legal_category")


def set_kinds(actor: Membership, pk: int, kinds: Collection[str], *, on: date, at: datetime) -> Organisation:
    """Make ``kinds`` the kinds of an organisation from ``on``: missing ones open that day, others end the day before."""
    _check_kinds(kinds)
    with transaction.atomic():
        organisation = access.organisation_editable_by(actor, pk)
        ended = []
        for row in organisation.kinds.filter(valid_to=None).exclude(kind__in=kinds):
            ended.append(row.kind)
            row.valid_to = max(on, row.valid_from) if row.valid_from else on
            row.save(update_fields=["valid_to"])
        opened = open_kinds(actor, organisation, kinds, at=at, on=on, told=False)
        if opened or ended:
            record(
                "organisation.kinds_changed",
                organisation,
                at=at,
                actor=actor.user,
                structure=actor.structure,
                opened=opened,
                ended=sorted(ended),
            )
            index(organisation)
    return organisation


def open_kinds(
    actor: Membership | NetworkSeat,
    organisation: Organisation,
    kinds: Iterable[str],
    *,
    at: datetime,
    on: date | None = None,
    told: bool = True,
) -> list[str]:
    """Open the kinds an organisation lacks, in the caller's transaction; return them. ``on`` None: since always."""
    wanted = set(kinds)
    if not wanted:
        return []
    has = set(organisation.kinds.filter(valid_to=None).values_list("kind", flat=True))
    opened = sorted(wanted - has)
    OrganisationKind.objects.bulk_create(
        OrganisationKind(organisation=organisation, kind=kind, valid_from=on) for kind in opened
    )
    if opened and told:
        record(
            "organisation.kinds_changed",
            organisation,
            at=at,
            actor=actor.user,
            structure=_structure_of(actor),
            opened=opened,
            ended=[],
        )
    return opened


def open_seat(
    user: User, organisation: Organisation, role: str, *, by: User | None, structure: Structure | None, at: datetime
) -> Seat:
    """Let an outside person act for an organisation; a seat already open is returned as it is.

    Called by whoever has checked the right to (an accepted invitation); ``by`` and ``structure`` are those of the journal.
    """
    if role not in SeatRole.values:
        raise DirectoryRefused("seat_role_unknown", f"« {role} » n’est pas un rôle : {', '.join(SeatRole.values)}.")
    organisation = access.current(organisation)
    with transaction.atomic():
        seat, made = Seat.objects.get_or_create(
            user=user, organisation=organisation, role=role, closed_at=None, defaults={"opened_at": at}
        )
        if made:
            record("seat.opened", organisation, at=at, actor=by, structure=structure, seat=seat.pk, role=role)
    return seat


def close_seat(seat: Seat, *, by: User | None, structure: Structure | None, at: datetime) -> Seat:
    """End a seat at once. Ending it twice changes nothing and is recorded once."""
    with transaction.atomic():
        if Seat.objects.filter(pk=seat.pk, closed_at=None).update(closed_at=at):
            record(
                "seat.closed",
                seat.organisation,
                at=at,
                actor=by,
                structure=structure,
                seat=seat.pk,
                role=seat.role,
            )
        seat.refresh_from_db()
    return seat


def _structure_of(actor: Membership | NetworkSeat) -> Structure | None:
    return actor.structure if isinstance(actor, Membership) else None


def _check_kinds(kinds: Collection[str]) -> None:
    unknown = sorted(set(kinds) - set(Kind.values))
    if unknown:
        raise DirectoryRefused("kind_unknown", f"« {unknown[0]} » n’est pas une nature connue.", "kinds")


def _new(identifier: Identifier, identity: Identity, at: datetime) -> Organisation:
    learnt = learning.learn(identifier)
    name = learnt.name or identity.name.strip()
    if not name:
        raise DirectoryRefused(
            "name_needed",
            "Aucune donnée chargée ne connaît ce numéro : donnez le nom de l’organisation.",
            "name",
        )
    organisation = Organisation(
        siret=identifier.siret,
        siren=identifier.siren,
        name_source=learnt.source or NameSource.TYPED,
        created_at=at,
        updated_at=at,
    )
    known: dict[str, Any] = {
        "name": name,
        "commune_code": learnt.commune_code or identity.commune_code,
        "legal_category": learnt.legal_category or identity.legal_category,
    }
    _fill(organisation, replace(identity, **known))
    return organisation


def _fill(organisation: Organisation, identity: Identity) -> None:
    name = " ".join(identity.name.split())
    if not name:
        raise DirectoryRefused("name_needed", "Donnez le nom de l’organisation.", "name")
    if len(name) > LONGEST_NAME:
        raise DirectoryRefused("name_too_long", f"Ce nom dépasse {LONGEST_NAME} caractères.", "name")
    commune = learning.resolve_commune(identity.commune_code) if identity.commune_code else ""
    if commune is None:
        raise DirectoryRefused(
            "commune_unknown", f"« {identity.commune_code} » n’est le code d’aucune commune.", "commune_code"
        )
    organisation.name = name
    organisation.sort_name = fold(name)[:LONGEST_NAME]
    organisation.commune_code = commune[:5]
    organisation.address = " ".join(identity.address.split())[:250]
    organisation.legal_category = identity.legal_category.strip()[:4]


def _completed(organisation: Organisation, siret: str) -> str:
    identifier = read_identifier(siret)
    if not identifier.siret:
        raise IdentifierRefused("siret_expected", "Donnez les 14 chiffres du SIRET.")
    if identifier.siren != organisation.siren:
        raise IdentifierRefused(
            "other_siren", "Ce SIRET est celui d’une autre entreprise : ses neuf premiers chiffres diffèrent du SIREN."
        )
    if Organisation.objects.living().filter(siret=identifier.siret).exists():
        raise DirectoryRefused(
            "siret_taken", "Une fiche porte déjà ce SIRET : fusionnez les deux plutôt que de le répéter.", "siret"
        )
    return identifier.siret
