"""« Qui fait quoi »: said plainly, with the communes counted."""

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from dentelle.foundations.ground import ground
from dentelle.foundations.structures.ground import covered
from dentelle.foundations.structures.structure_actions import append_coverage
from dentelle.network.agreements.actions.services import declare_service, end_service
from dentelle.network.agreements.mapping import communes_of, meets, territory_map
from dentelle.network.agreements.models import ServiceLine
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.who_does_what import Doer, verdict
from dentelle.network.governance.models import Body
from tests.factories import NOW, MembershipFactory
from tests.ground_fixtures import ground_directory  # noqa: F401 (a session fixture)
from tests.network.agreements import making

GROUND = frozenset("abcdef")
COMMUNES = st.frozensets(st.sampled_from(sorted(GROUND)), min_size=1)
DOERS = st.lists(st.builds(Doer, st.sampled_from(["PLIE", "Agence", "Mission"]), COMMUNES), min_size=1, max_size=5)


@given(DOERS)
def test_an_overlap_is_said_exactly_when_two_different_doers_share_a_commune(doers):
    by_name = {}
    for each in doers:
        by_name.setdefault(each.name, set()).update(each.communes)
    shared = any(by_name[a] & by_name[b] for a in by_name for b in by_name if a < b)
    said = verdict(doers, GROUND)
    assert (said.kind == "overlap") == shared
    assert (said.kind == "alone") == (len(by_name) == 1)
    bare = GROUND - set().union(*by_name.values())
    assert ("sans personne" in said.sentence) == bool(bare)


def test_an_overlap_names_who_and_counts_where():
    said = verdict([Doer("PLIE", frozenset("abc")), Doer("Agence", frozenset("bcd"))], GROUND)
    assert (
        said.sentence
        == "PLIE et Agence font la même chose sur 2\u00a0communes. 2\u00a0communes sans personne de déclaré."
    )


@pytest.fixture
def members(db, settings, ground_directory):  # noqa: F811 (the fixture imported above)
    settings.DENTELLE_GROUND = ground_directory
    return [MembershipFactory(manager=True) for _ in range(2)]


def test_communes_are_looked_for_as_french_readers_do(settings, ground_directory):  # noqa: F811
    settings.DENTELLE_GROUND = ground_directory
    names = [name for _, name in communes_of(["department:91"])]
    assert (
        names.index("Étampes")
        < names.index("Étréchy")
        < names.index("Évry-Courcouronnes")
        < names.index("Fleury-Mérogis")
    )
    assert names[-1] == "Yerres"


def cover(member, spec):
    append_coverage(
        member.structure,
        places=[spec],
        valid_from=NOW.date(),
        reason="",
        author=member.user,
        ground=ground(),
        at=NOW,
    )


def declare(member, places, organisation=None, **known):
    known = {"service": "support", "public": "long_term", "detail": "", **known}
    return declare_service(member, organisation=organisation, places=places, at=NOW, **known)


def epci_and_communes():
    code = next(iter(ground()._members["epci"]))
    return f"epci:{code}", sorted(ground().communes_of("epci", code))


def test_the_map_of_a_territory_shows_its_lines_and_their_overlap(members):
    mine, other = members
    epci, communes = epci_and_communes()
    cover(mine, epci)
    declare(mine, [epci])
    declare(other, [f"commune:{communes[0]}"], making.partner(), detail="un jour par semaine")
    found = territory_map(mine, NOW.date())
    ((cell,),) = [row.cells for row in found.services]
    assert [each.name for each in cell.doers] == [mine.structure.name, making.partner().name]
    assert [each.mine for each in cell.doers] == [True, False]
    assert (cell.verdict.kind, found.overlaps) == ("overlap", 1)
    assert "sur 1\u00a0commune" in cell.verdict.sentence
    assert "aide à la mobilité" in found.nobody


def test_what_is_done_elsewhere_is_not_on_the_map(members):
    mine, other = members
    _, communes = epci_and_communes()
    cover(mine, f"commune:{communes[0]}")
    far = next(code for code in ground().commune_codes() if code not in communes)
    declare(other, [f"commune:{far}"])
    assert territory_map(mine, NOW.date()).services == ()


def test_the_head_reads_the_map_of_each_structure(members):
    mine, _ = members
    epci, _ = epci_and_communes()
    cover(mine, epci)
    declare(mine, [epci])
    found = territory_map(making.head_of(mine), NOW.date(), structure_pk=mine.structure_id)
    assert found.lines == 1
    assert not found.services[0].cells[0].doers[0].mine


def test_the_same_line_twice_is_refused_and_a_line_taken_off_is_kept(members):
    mine, _ = members
    epci, _ = epci_and_communes()
    line = declare(mine, [epci])
    with pytest.raises(AgreementRefused):
        declare(mine, [epci])
    end_service(mine, line.pk, at=NOW)
    assert ServiceLine.objects.get().ended_on == NOW.date()
    declare(mine, [epci])


def test_the_committees_the_network_keeps_stand_beside_the_map(members):
    mine, _ = members
    for kind, name in (("local_committee", "Comité du Bocage"), ("board", "Conseil d’administration")):
        Body.objects.create(network=mine.structure.network, kind=kind, name=name)
    assert [str(each) for each in territory_map(mine, NOW.date()).bodies] == ["Comité du Bocage"]


def test_a_committee_of_elsewhere_does_not_meet_the_map_and_one_of_nowhere_said_may(members):
    epci, communes = epci_and_communes()
    here = covered([epci], ground())
    far = next(code for code in ground().commune_codes() if code not in communes)
    assert meets([f"commune:{communes[0]}"], here, ground())
    assert not meets([f"commune:{far}"], here, ground())
    assert meets([], here, ground())
    assert meets([epci], covered([epci], None), None)


def test_a_line_may_be_for_some_communes_only(members, client_of):
    mine, _ = members
    epci, communes = epci_and_communes()
    cover(mine, epci)
    browser = client_of(mine)
    form = browser.get("/qui-fait-quoi/ajouter").content.decode()
    assert f'type="checkbox" name="communes" value="commune:{communes[0]}"' in form  # no key to hold, no list to scroll
    assert '<select name="communes"' not in form
    given = {"service": "mobility", "public": "all", "places": [epci], "communes": [f"commune:{communes[0]}"]}
    assert browser.post("/qui-fait-quoi/ajouter", given).status_code == 302
    assert ServiceLine.objects.get().places == [f"commune:{communes[0]}"]
    page = browser.get("/qui-fait-quoi/").content.decode().replace("\xa0", " ")
    assert "seul, sur 1 commune." in page
    nowhere = browser.post("/qui-fait-quoi/ajouter", {"service": "clause", "public": "firms"})
    assert (nowhere.status_code, "Dites où." in nowhere.content.decode()) == (422, True)


def test_tout_public_meets_every_public():
    said = verdict([Doer("PLIE", frozenset("abc")), Doer("Agence", GROUND, "tout public")], GROUND)
    assert said.sentence == "PLIE et Agence (tout public) font la même chose sur 3\u00a0communes."
    wide = verdict([Doer("Agence", GROUND)], GROUND, within=[Doer("PLIE", frozenset("abc"), "jeunes")])
    assert wide.kind == "partly"
    assert wide.sentence == (
        "Agence, pour tout public, sur tout le territoire. PLIE le fait aussi pour jeunes, sur 3\u00a0communes."
    )


def test_nobody_is_said_alone_where_another_serves_all_publics(members):
    mine, other = members
    epci, _ = epci_and_communes()
    cover(mine, epci)
    declare(mine, [epci], public="young")
    declare(other, [epci], making.partner(), public="all")
    found = territory_map(mine, NOW.date())
    kinds = {cell.public: cell.verdict.kind for row in found.services for cell in row.cells}
    assert kinds == {"tout public": "partly", "jeunes de moins de 26 ans": "overlap"}
    assert not any("seul" in cell.verdict.sentence for row in found.services for cell in row.cells)
    assert found.overlaps == 1
    declare(other, [epci], making.partner(), public="firms")
    kinds = {cell.public: cell.verdict.kind for row in territory_map(mine, NOW.date()).services for cell in row.cells}
    assert kinds["entreprises"] == "alone"  # the same name for all publics and for one is one


def test_an_organisation_reads_the_territories_of_those_that_name_it(members):
    mine, other = members
    epci, _ = epci_and_communes()
    cover(mine, epci)
    cover(other, epci)
    declare(mine, [epci], making.partner())
    found = territory_map(making.partner_seat(), NOW.date())
    assert (found.structures, found.lines, found.bodies) == ((mine.structure,), 1, ())
    stranger = making.organisation("00000099", "Un tiers")
    assert territory_map(making.partner_seat(stranger), NOW.date()).structures == ()


def test_a_line_takes_the_organisation_by_its_name_and_proposes_those_that_answer(members, client_of):
    member, _ = members
    epci, _ = epci_and_communes()
    cover(member, epci)
    given = {"siret": "SERVICE PUBLIC de l'emploi d'essai", "service": "support", "public": "long_term", "places": epci}
    known = making.partner()
    with time_machine.travel(NOW):
        browser = client_of(member)
        assert "/organisations/proposees" in browser.get("/qui-fait-quoi/ajouter").content.decode()
        assert browser.post("/qui-fait-quoi/ajouter", given).status_code == 302
    assert ServiceLine.objects.get().organisation == known
