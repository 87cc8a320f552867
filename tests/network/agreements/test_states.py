"""Every move outside the table is refused, and nothing local is signed while no framework is in force."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dentelle.foundations.directory.merge import merge
from dentelle.network.agreements.actions import moves, writing
from dentelle.network.agreements.actions.amending import amend_agreement
from dentelle.network.agreements.actions.renewal import renew_agreement
from dentelle.network.agreements.models import Agreement
from dentelle.network.agreements.refusals import AgreementRefused, EditedMeanwhile
from dentelle.network.agreements.states import MOVES, AgreementState, MoveRefused, Side, moves_from
from tests.factories import NOW, MembershipFactory, NetworkSeatFactory
from tests.network.agreements import making

PAGE = Path(__file__).parents[3] / "docs" / "agreement-states.md"
TODAY = NOW.date()


def line(move):
    cells = (
        f"`{move.code}`",
        move.label,
        ", ".join(state.label for state in move.sources),
        move.target.label,
        ", ".join(side.label for side in move.recorded_by),
        ", ".join(need.label for need in move.needs) or "rien de plus",
    )
    return f"| {' | '.join(cells)} |"


def test_the_documentation_shows_every_move_as_the_code_has_it():
    written = [each for each in PAGE.read_text(encoding="utf-8").splitlines() if each.startswith("| `")]
    assert written == [line(move) for move in MOVES], "\n" + "\n".join(map(line, MOVES))


def test_the_documentation_names_every_state():
    page = PAGE.read_text(encoding="utf-8")
    assert [state.label for state in AgreementState if f"« {state.label} »" not in page] == []


@pytest.mark.parametrize("state", AgreementState)
@pytest.mark.parametrize("code", [each.code for each in MOVES])
def test_a_move_outside_the_table_is_refused_and_writes_nothing(state, code, db):
    member = MembershipFactory(manager=True)
    agreement = making.local(member)
    over = {"ended_on": TODAY} if state in ("ended", "terminated") else {"ended_on": None}
    Agreement.objects.filter(pk=agreement.pk).update(state=state, **over)
    seat = making.partner_seat()
    for actor, side in ((member, Side.AUTHOR), (seat, Side.PARTNER)):
        if code in [each.code for each in moves_from(state, side)]:
            continue
        with pytest.raises((MoveRefused, Http404)), transaction.atomic():
            making.move(actor, agreement, code, reason="Un motif", ended_on=TODAY)
        agreement.refresh_from_db()
        assert agreement.state == state


def test_a_reader_and_another_structure_move_nothing(db):
    member = MembershipFactory(manager=True)
    agreement = making.local(member)
    for other in (
        MembershipFactory(structure=member.structure, reader=True),
        MembershipFactory(manager=True),
        making.head_of(member),
        making.partner_seat(making.organisation("00000090", "Un tiers")),
    ):
        with pytest.raises(Http404):
            making.move(other, agreement, "terminate", reason="Un motif", ended_on=TODAY)


def test_a_proposal_names_all_that_is_missing_at_once(db):
    member = MembershipFactory(manager=True)
    agreement = making.draft(member, starts_on=None, ends_on=None)
    with pytest.raises(AgreementRefused) as refused:
        making.move(member, agreement, "propose")
    for said in ("deux parties", "un article", "le début et la fin"):
        assert said in str(refused.value)


def test_a_public_body_needs_two_signatories(db):
    member = MembershipFactory(manager=True)
    agreement = making.complete(member, making.draft(member))
    party = agreement.parties.get(side="partner")
    party.signatories.all()[0].delete()
    with pytest.raises(AgreementRefused) as refused:
        making.move(member, agreement, "propose")
    assert "deux signataires par organisme public" in str(refused.value)


def test_a_local_agreement_in_a_gap_is_refused_with_the_dates_of_the_gap(db):
    member = MembershipFactory(manager=True)
    head = making.head_of(member)
    making.framework(head, date(2010, 1, 1), date(2013, 12, 31))
    new = making.framework(head, date(2020, 7, 16), date(2029, 7, 15))
    agreement = making.proposed(member, making.draft(member, framework=new, starts_on=date(2016, 1, 1)))
    signatory = agreement.parties.get(side="author").signatories.get()
    with pytest.raises(AgreementRefused) as refused:
        moves.sign_for(member, agreement.pk, signatory.pk, on=date(2016, 3, 3), **making.lock(agreement))
    assert refused.value.code == "no_framework"
    assert "31\u00a0décembre 2013" in str(refused.value)
    assert "16\u00a0juillet 2020" in str(refused.value)
    assert making.sign(member, agreement).state == AgreementState.SIGNED


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    periods=st.lists(
        st.tuples(st.dates(date(2010, 1, 1), date(2026, 6, 1)), st.integers(0, 1500)), min_size=1, max_size=3
    ),
    days=st.lists(st.dates(date(2010, 1, 1), TODAY), min_size=1, max_size=4),
)
def test_no_local_agreement_is_ever_signed_under_a_gap(periods, days, db):
    with transaction.atomic():
        member = MembershipFactory(manager=True)
        head = making.head_of(member)
        frames = [making.framework(head, first, first + timedelta(days=length)) for first, length in periods]
        for rank, day in enumerate(days):
            under = frames[rank % len(frames)]
            agreement = making.proposed(member, making.draft(member, framework=under, starts_on=day))
            if under.in_force(day):
                making.sign(member, agreement, day)
            else:
                with pytest.raises(AgreementRefused, match="en vigueur"):
                    making.sign(member, agreement, day)
        for each in Agreement.objects.local().signed():
            assert any(frame.in_force(each.signed_on) for frame in frames)
        transaction.set_rollback(True)


def test_a_framework_cannot_have_ceased_before_what_was_signed_under_it(db):
    member = MembershipFactory(manager=True)
    head = making.head_of(member)
    frame = making.framework(head)
    making.local(member, under=frame)
    with pytest.raises(AgreementRefused) as refused:
        making.move(head, frame, "terminate", reason="Un désaccord", ended_on=TODAY - timedelta(days=1))
    assert refused.value.code == "signed_under_it"
    with pytest.raises(AgreementRefused):
        amend_agreement(
            head,
            frame.pk,
            signed_on=date(2026, 2, 1),
            reason="Plus court",
            new_end=date(2026, 3, 1),
            article_pk=None,
            new_text="",
            **making.lock(frame),
        )
    assert making.move(head, frame, "terminate", reason="Un désaccord", ended_on=TODAY).ended_on == TODAY


def test_a_signed_local_agreement_outlives_its_framework_but_is_neither_amended_nor_renewed_without_one(db):
    member = MembershipFactory(manager=True)
    head = making.head_of(member)
    frame = making.framework(head)
    agreement = making.local(member, under=frame)
    making.move(head, frame, "terminate", reason="Un désaccord", ended_on=TODAY)
    agreement.refresh_from_db()
    assert agreement.in_force(TODAY + timedelta(days=30))
    Agreement.objects.filter(pk=frame.pk).update(ended_on=date(2026, 11, 1))
    with pytest.raises(AgreementRefused) as refused:
        amend_agreement(
            member,
            agreement.pk,
            signed_on=TODAY,
            reason="Une année de plus",
            new_end=date(2029, 12, 31),
            article_pk=None,
            new_text="",
            **making.lock(agreement),
        )
    assert refused.value.code == "no_framework"


def test_the_database_itself_refuses_a_signed_local_agreement_without_framework(db):
    agreement = making.draft(MembershipFactory(manager=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(state="signed", signed_on=TODAY)


def test_an_example_frames_nothing_and_never_changes(db):
    head = NetworkSeatFactory()
    example = making.framework(head)
    Agreement.objects.filter(pk=example.pk).update(is_example=True)
    example.refresh_from_db()
    assert not example.in_force(TODAY)
    with pytest.raises(AgreementRefused) as refused:
        making.move(head, example, "terminate", reason="Un motif", ended_on=TODAY)
    assert refused.value.code == "example"


def test_taking_a_proposal_back_erases_the_signatures_already_given(db):
    member = MembershipFactory(manager=True)
    making.framework(making.head_of(member))
    agreement = making.local(member, under=Agreement.objects.get(), signed=False)
    signatory = agreement.parties.get(side="author").signatories.get()
    moves.sign_for(member, agreement.pk, signatory.pk, on=TODAY, **making.lock(agreement))
    back = making.move(making.partner_seat(), agreement, "take_back", reason="L’article 1 est à préciser")
    signatory.refresh_from_db()
    assert (back.state, signatory.signed_on) == (AgreementState.DRAFT, None)


def test_a_renewal_starts_the_day_after_with_what_still_runs(db):
    member = MembershipFactory(manager=True)
    agreement = making.local(member)
    renewal = renew_agreement(member, agreement.pk, ends_on=date(2031, 12, 31), **making.lock(agreement))
    assert (renewal.starts_on, renewal.state, renewal.renews) == (date(2029, 1, 1), AgreementState.DRAFT, agreement)
    assert [str(each) for each in renewal.articles.all()] == [str(each) for each in agreement.articles.all()]
    assert renewal.commitments.get().text == agreement.commitments.get().text
    assert not any(each.signed_on for party in renewal.parties.all() for each in party.signatories.all())
    with pytest.raises(AgreementRefused):
        renew_agreement(member, agreement.pk, ends_on=date(2031, 12, 31), **making.lock(agreement))


def test_an_amendment_keeps_what_it_replaces(db):
    member = MembershipFactory(manager=True)
    agreement = making.local(member)
    article = agreement.articles.get()
    amendment = amend_agreement(
        member,
        agreement.pk,
        signed_on=TODAY,
        reason="Une année de plus",
        new_end=date(2029, 12, 31),
        article_pk=article.pk,
        new_text="Les parties coopèrent davantage.",
        **making.lock(agreement),
    )
    agreement.refresh_from_db()
    assert agreement.ends_on == date(2029, 12, 31)
    assert (amendment.number, amendment.former_end, amendment.former_text) == (1, date(2028, 12, 31), article.text)


def test_a_change_from_an_older_page_writes_nothing(db):
    member = MembershipFactory(manager=True)
    agreement = making.draft(member)
    with pytest.raises(EditedMeanwhile):
        moves.move_agreement(member, agreement.pk, "abandon", reason="Un motif", expected_revision=9, at=NOW)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.revision) == (AgreementState.DRAFT, 1)


def test_two_records_of_one_party_become_one_with_all_who_sign(db):
    member = MembershipFactory(manager=True)
    agreement = making.complete(member, making.draft(member))
    kept = agreement.parties.get(side="partner")
    twin = making.organisation("00000077", "Le même, saisi deux fois")
    party = writing.add_party(member, agreement.pk, twin, side="other", is_public=False, **making.lock(agreement))
    known = {"full_name": "Signataire de plus", "function": "direction"}
    writing.add_signatory(member, agreement.pk, party.pk, **known, **making.lock(agreement))
    merge(member, kept.organisation_id, twin.pk, at=NOW, other_siren=True)
    assert agreement.parties.count() == 2
    assert "Signataire de plus" in kept.signatories.values_list("full_name", flat=True)
