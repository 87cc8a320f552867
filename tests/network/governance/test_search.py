import pytest

from dentelle.foundations.search.queries import search
from dentelle.network.governance.actions import axes, offices
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.governance import making

pytestmark = pytest.mark.django_db


def titles(text, viewer):
    return [hit.title for group in search(text, viewer) for hit in group.hits]


def test_axes_and_bodies_are_found_by_members_of_their_network_until_they_close():
    seat = NetworkSeatFactory()
    axis = making.validated(seat, making.axis(seat, name="Mobilité"))
    group = making.body(seat, "working_group", "Groupe mobilité", axis)
    member = MembershipFactory()
    stranger = MembershipFactory(structure=StructureFactory(network=NetworkFactory(name="Autre réseau")))
    assert titles("mobilite", member) == ["Mobilité", "Groupe mobilité"]
    assert titles("mobilite", stranger) == []
    axes.close_axis(seat, axis.pk, closed_on=making.today(), at=NOW)
    offices.close_body(seat, group.pk, closed_on=making.today(), at=NOW)
    assert titles("mobilite", member) == []
