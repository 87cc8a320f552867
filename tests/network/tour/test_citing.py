"""Findings as the white paper cites them."""

import pytest

from dentelle.network.tour.queries import findings_cited_by
from tests.factories import NetworkFactory, NetworkSeatFactory
from tests.network.tour import making

pytestmark = pytest.mark.django_db


def test_findings_are_cited_with_the_stage_they_come_from(django_assert_num_queries):
    seat = NetworkSeatFactory()
    held = making.stage(seat, state="held", days=-3)
    made = making.finding(held, theme="upstream")
    with django_assert_num_queries(1):
        [cited] = findings_cited_by(seat.network)
    assert (cited.pk, cited.text, cited.theme) == (made.pk, made.text, "Insertion en amont de l’achat")
    assert cited.source == f"Tour, étape Hauts-de-France, {held.day:%d/%m/%Y}"


def test_a_finding_is_cited_once_its_stage_took_place_and_in_its_network_alone():
    seat = NetworkSeatFactory()
    making.finding(making.stage(seat))
    kept = making.finding(making.stage(seat, state="reported", days=-30), "Les petites communes n’ont personne.")
    assert [each.pk for each in findings_cited_by(seat.network)] == [kept.pk]
    assert findings_cited_by(seat.network, [kept.pk + 1]) == ()
    assert findings_cited_by(NetworkFactory(name="Autre réseau")) == ()
