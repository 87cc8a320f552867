"""Who signs, when, and under which frame: nothing rests on what nobody had signed, and a slip is corrected."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dentelle.demo.buyers import siret
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Structure
from dentelle.network.agreements.actions import moves, writing
from dentelle.network.agreements.actions.moves import correct_signature, frames
from dentelle.network.agreements.actions.renewal import renew_agreement
from dentelle.network.agreements.awaited import awaits_head
from dentelle.network.agreements.models import Agreement, Signatory
from dentelle.network.agreements.next_steps import EDIT, next_act
from dentelle.network.agreements.queries import sheet_of, standing, story
from dentelle.network.agreements.refusals import AgreementRefused
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making

TODAY = NOW.date()
pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return MembershipFactory(manager=True)


@pytest.fixture
def head(member):
    return making.head_of(member)


def late_framework(head, first, last, signed_on):
    return making.sign(head, making.proposed(head, making.draft(head, starts_on=first, ends_on=last)), signed_on)


def test_a_framework_signed_late_lets_nothing_be_signed_before_its_own_signature(member, head):
    frame = late_framework(head, date(2024, 9, 14), date(2027, 9, 27), date(2026, 3, 1))
    early = making.proposed(member, making.draft(member, framework=frame, starts_on=date(2025, 1, 15)))
    with pytest.raises(AgreementRefused) as refused:
        making.sign(member, early, date(2025, 1, 15))
    assert refused.value.code == "no_framework"
    assert "n’est signée que le 1er\u00a0mars 2026" in str(refused.value)
    assert making.sign(member, early, date(2026, 3, 1)).in_force(TODAY)


def test_the_gap_stays_said_up_to_the_signature_of_the_next_framework(head):
    making.framework(head, date(2020, 1, 1), date(2023, 12, 31))
    late = late_framework(head, date(2024, 1, 1), date(2027, 12, 31), date(2025, 6, 2))
    (gap,) = [row.gap for row in story(list(Agreement.objects.all()), TODAY) if row.gap]
    assert (gap.first, gap.last) == (date(2024, 1, 1), date(2025, 6, 1))
    assert not late.in_force(date(2025, 1, 1))


def test_an_agreement_is_not_signed_after_its_own_end(head):
    frame = making.proposed(head, making.draft(head, starts_on=date(2024, 9, 14), ends_on=date(2025, 9, 27)))
    with pytest.raises(AgreementRefused) as refused:
        making.sign(head, frame, TODAY)
    assert (refused.value.code, refused.value.field) == ("over", "on")


def test_a_framework_kept_as_signed_after_its_end_frames_nothing_and_hides_no_gap(head):
    frame = making.framework(head, date(2024, 9, 14), date(2025, 9, 27))
    Agreement.objects.filter(pk=frame.pk).update(signed_on=TODAY)
    assert frames(Agreement.objects.all()) == []
    assert "encore signé aucune" in standing(head.network_id, TODAY).why
    assert Agreement.objects.get().standing(TODAY) == "terme passé"


@pytest.mark.parametrize("on", [date(1900, 1, 1), TODAY + timedelta(days=1)])
def test_a_signature_nobody_can_have_given_that_day_is_refused(on, head):
    frame = making.proposed(head, making.draft(head))
    signatory = frame.parties.get(side="author").signatories.get()
    with pytest.raises(AgreementRefused) as refused:
        moves.sign_for(head, frame.pk, signatory.pk, on=on, **making.lock(frame))
    assert refused.value.field == "on"


def test_a_signature_noted_wrongly_is_corrected_and_the_day_noted_first_is_kept(head):
    frame = making.framework(head)
    signatory = frame.parties.get(side="author").signatories.get()
    correct_signature(head, frame.pk, signatory.pk, on=date(2026, 2, 3), **making.lock(frame))
    frame.refresh_from_db()
    assert frame.signed_on == date(2026, 2, 3)
    entry = Entry.objects.filter(act="agreement.signature_corrected").get()
    assert (entry.facts["before"], entry.facts["on"]) == ("2026-01-01", "2026-02-03")


def test_a_correction_leaves_nothing_signed_under_a_frame_not_yet_signed(member, head):
    frame = making.framework(head)
    local = making.complete(member, making.draft(member, framework=frame))
    making.move(member, local, "propose")
    making.sign(member, local, date(2026, 5, 4))
    signatory = frame.parties.get(side="author").signatories.get()
    with pytest.raises(AgreementRefused) as refused:
        correct_signature(head, frame.pk, signatory.pk, on=date(2026, 6, 1), **making.lock(frame))
    assert refused.value.code == "signed_under_it"
    with pytest.raises(AgreementRefused):
        correct_signature(head, frame.pk, signatory.pk, on=None, **making.lock(frame))


def test_a_signature_given_by_nobody_is_taken_off_while_it_is_proposed(head):
    frame = making.proposed(head, making.draft(head))
    signatory = frame.parties.get(side="author").signatories.get()
    moves.sign_for(head, frame.pk, signatory.pk, on=TODAY, **making.lock(frame))
    correct_signature(head, frame.pk, signatory.pk, on=None, **making.lock(frame))
    assert Signatory.objects.get(pk=signatory.pk).signed_on is None


@pytest.mark.parametrize("side", ["author", "partner"])
def test_a_proposal_needs_a_party_on_each_side(side, member):
    agreement = making.complete(member, making.draft(member))
    agreement.parties.filter(side=side).update(side="other")
    with pytest.raises(AgreementRefused, match="une partie du côté"):
        making.move(member, agreement, "propose")


def test_a_public_body_is_read_from_its_legal_category(member):
    agreement = making.draft(member)
    town = making.organisation("00000040", "Commune d’essai")
    town.legal_category = "7210"
    town.save(update_fields=["legal_category"])
    with pytest.raises(AgreementRefused) as refused:
        writing.add_party(member, agreement.pk, town, side="author", is_public=False, **making.lock(agreement))
    assert (refused.value.code, refused.value.field) == ("public", "is_public")
    party = writing.add_party(member, agreement.pk, town, side="author", is_public=None, **making.lock(agreement))
    assert party.is_public


def test_a_public_body_is_known_from_what_it_signed_and_asked_when_nothing_says_so(member, head):
    making.framework(head)
    agreement = making.draft(member)
    known = writing.add_party(
        member, agreement.pk, making.partner(), side="partner", is_public=None, **making.lock(agreement)
    )
    assert known.is_public
    unknown = making.organisation("00000041", "Inconnue d’essai")
    with pytest.raises(AgreementRefused, match="dites-le"):
        writing.add_party(member, agreement.pk, unknown, side="other", is_public=None, **making.lock(agreement))


def test_an_agreement_that_outlives_its_framework_says_so(member, head):
    frame = making.framework(head, last=date(2027, 6, 30))
    agreement = making.draft(member, framework=frame)
    assert "30\u00a0juin 2027" in sheet_of(member, agreement.pk, TODAY).beyond
    within = making.draft(member, framework=frame, ends_on=date(2027, 6, 30))
    assert sheet_of(member, within.pk, TODAY).beyond == ""


def test_an_agreement_that_starts_after_its_framework_says_that_nothing_frames_it(member, head):
    frame = making.framework(head, last=date(2027, 4, 22))
    period = {"starts_on": date(2028, 6, 1), "ends_on": date(2031, 12, 31)}
    agreement = making.complete(member, making.draft(member, framework=frame, **period))
    making.commitment(member, agreement)
    sheet = sheet_of(member, agreement.pk, TODAY)
    assert "Elle commence le 1er\u00a0juin 2028, après la fin de son cadre" in sheet.beyond
    assert "aucune convention-cadre signée ne couvre son début" in sheet.beyond
    assert "continue" not in sheet.beyond
    assert next_act(sheet, member) == ("Revoir son début ou son cadre", EDIT, "")
    making.framework(head, date(2028, 1, 1), date(2031, 12, 31))
    assert "le cadre est « Convention-cadre d’essai »" in sheet_of(member, agreement.pk, TODAY).beyond
    signed = making.sign(member, making.move(member, agreement, "propose"))
    told = sheet_of(member, signed.pk, TODAY).beyond
    assert "après la fin de son cadre" in told
    assert "Avancez son début" not in told


def test_the_page_of_such_a_draft_leads_to_its_head(member, head, client_of):
    frame = making.framework(head, last=date(2027, 4, 22))
    draft = making.draft(member, framework=frame, starts_on=date(2027, 4, 23), ends_on=date(2028, 4, 22))
    making.commitment(member, making.complete(member, draft))
    page = client_of(member).get(reverse("agreements:detail", args=[draft.pk])).content.decode()
    edit = reverse("agreements:edit", args=[draft.pk])
    assert f'<a class="btn btn-primary" href="{edit}">Revoir son début ou son cadre</a>' in page


def test_a_draft_that_starts_on_the_last_day_of_its_framework_is_proposed(member, head):
    frame = making.framework(head, last=date(2027, 4, 22))
    draft = making.draft(member, framework=frame, starts_on=date(2027, 4, 22), ends_on=date(2028, 4, 22))
    making.commitment(member, making.complete(member, draft))
    sheet = sheet_of(member, draft.pk, TODAY)
    assert "au-delà de son cadre" in sheet.beyond
    assert next_act(sheet, member)[1] == "etape"


def test_a_framework_that_another_follows_calls_for_no_renewal_and_a_renewal_starts_after_the_last(head):
    old = making.framework(head, date(2020, 1, 1), date(2023, 12, 31))
    making.framework(head, date(2024, 1, 1), date(2029, 12, 31))
    assert awaits_head(head, NOW) == []
    renewal = renew_agreement(head, old.pk, ends_on=date(2032, 12, 31), **making.lock(old))
    assert renewal.starts_on == date(2030, 1, 1)


def test_a_local_agreement_with_another_partner_does_not_follow(member, head):
    frame = making.framework(head, date(2020, 1, 1), date(2029, 12, 31))
    first = making.complete(member, making.draft(member, framework=frame, ends_on=date(2026, 12, 31)))
    making.sign(member, making.move(member, first, "propose"))
    third = making.organisation("00000042", "Autre partenaire")
    second = making.complete(member, making.draft(member, framework=frame), third)
    making.sign(member, making.move(member, second, "propose"))
    renewal = renew_agreement(member, first.pk, ends_on=date(2028, 12, 31), **making.lock(first))
    assert renewal.starts_on == date(2027, 1, 1)


def test_a_local_agreement_is_not_proposed_without_the_structure_it_engages_among_its_parties(member):
    agreement = making.complete(member, making.draft(member))
    Structure.objects.filter(pk=member.structure_id).update(siret=siret("00000099", 1))
    with pytest.raises(AgreementRefused, match="la structure elle-même parmi les parties"):
        moves.move_agreement(member, agreement.pk, "propose", **making.lock(agreement))
    Structure.objects.filter(pk=member.structure_id).update(siret="", name="Structure signataire d’essai")
    assert moves.move_agreement(member, agreement.pk, "propose", **making.lock(agreement)).state == "proposed"
