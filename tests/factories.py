"""People and structures for tests, named by what they are: ``MembershipFactory(facilitator=True)``."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import Membership, Network, NetworkSeat, Role, Structure, StructureStatus

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)  # the moment tests pass as ``at`` when any moment will do
PASSWORD = "un mot de passe de test"


class NetworkFactory(DjangoModelFactory):
    class Meta:
        model = Network
        django_get_or_create = ("name",)

    name = "Réseau d’essai"


class StructureFactory(DjangoModelFactory):
    """An approved structure; ``requested`` waits for its approval, ``closed`` has had its day."""

    class Meta:
        model = Structure

    class Params:
        requested = factory.Trait(status=StructureStatus.REQUESTED, approved_at=None)
        closed = factory.Trait(status=StructureStatus.CLOSED, status_reason="Fusion avec la structure voisine")

    network = factory.SubFactory(NetworkFactory)
    name = factory.Sequence(lambda n: f"Maison de l’emploi {n}")
    slug = factory.Sequence(lambda n: f"maison-{n}")
    status = StructureStatus.APPROVED
    approved_at = NOW


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@essai.example")
    full_name = factory.Sequence(lambda n: f"Personne {n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    """A person in a structure; ``outsider`` is a facilitator of another one."""

    class Meta:
        model = Membership

    class Params:
        facilitator = factory.Trait(role=Role.FACILITATOR)
        manager = factory.Trait(role=Role.MANAGER)
        reader = factory.Trait(role=Role.READER)
        pathway_advisor = factory.Trait(role=Role.PATHWAY_ADVISOR)
        elected_official = factory.Trait(role=Role.ELECTED_OFFICIAL)
        auditor = factory.Trait(role=Role.AUDITOR)
        outsider = factory.Trait(role=Role.FACILITATOR, structure__name="Structure voisine")

    user = factory.SubFactory(UserFactory)
    structure = factory.SubFactory(StructureFactory)
    role = Role.FACILITATOR


class NetworkSeatFactory(DjangoModelFactory):
    """The head of a network."""

    class Meta:
        model = NetworkSeat

    user = factory.SubFactory(UserFactory)
    network = factory.SubFactory(NetworkFactory)
