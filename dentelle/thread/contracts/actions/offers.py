"""Reading the social part of the bids: a grid, points, and the retained offer that becomes the obligation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.actions import index
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.contracts.actions.chain import check_single_of_all, lot_of
from dentelle.thread.contracts.actions.changing import Change, changing
from dentelle.thread.contracts.models import AnalysisCriterion, Holder, HolderRole, Obligation, Offer, OfferScore
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import ContractState, is_signed, move


@dataclass(frozen=True, slots=True)
class CriterionContent:
    """One line of the grid: what is read, and out of how many points."""

    label: str
    points: int


def set_grid(
    actor: Membership, pk: int, lines: Sequence[CriterionContent], *, expected_revision: int, at: datetime
) -> None:
    """Replace the grid while no bid is scored: bids are all read by the same grid. Raises ContractRefused."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        if OfferScore.objects.filter(offer__contract=change.contract).exists():
            raise ContractRefused("grid_used", "Des offres sont déjà notées\u00a0: la grille ne change plus.")
        if any(not line.label.strip() or line.points <= 0 for line in lines):
            raise ContractRefused("line_incomplete", "Chaque ligne a un intitulé et un nombre de points.", "grid")
        change.contract.criteria.all().delete()
        AnalysisCriterion.objects.bulk_create(
            AnalysisCriterion(
                structure=actor.structure,
                contract=change.contract,
                position=position,
                label=line.label.strip(),
                points=line.points,
            )
            for position, line in enumerate(lines, start=1)
        )
        change.record("contract.grid_set", lines=len(lines), points=sum(line.points for line in lines))


def record_offer(
    actor: Membership,
    pk: int,
    organisation: Organisation,
    *,
    offered_minutes: int | None,
    lot_pk: int | None = None,
    expected_revision: int,
    at: datetime,
) -> Offer:
    """Enter a bid, or what it offers once known; the same candidate has one offer per lot."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        _before_signature(change)
        lot = lot_of(change, lot_pk)
        if change.contract.offers.filter(lot=lot, organisation=organisation, retained=True).exists():
            raise ContractRefused("retained", "Cette offre est retenue\u00a0: ses heures sont celles de l’obligation.")
        offer, _ = Offer.objects.update_or_create(
            contract=change.contract,
            lot=lot,
            organisation=organisation,
            defaults={"offered_minutes": offered_minutes},
            create_defaults={"offered_minutes": offered_minutes, "structure": actor.structure},
        )
        change.record("contract.offer_recorded", offer, organisation=organisation.pk, minutes=offered_minutes)
    return offer


def score_offer(
    actor: Membership,
    pk: int,
    offer_pk: int,
    points: Mapping[int, tuple[Decimal, str]],
    *,
    expected_revision: int,
    at: datetime,
) -> Decimal:
    """Give points and a remark for each line of the grid (by its key); return the total. Raises ContractRefused."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        offer = _offer(change, offer_pk)
        grid = {each.pk: each for each in change.contract.criteria.all()}
        if not grid or set(points) != set(grid):
            raise ContractRefused("grid_mismatch", "Notez chaque ligne de la grille, et elles seules.", "grid")
        for key, (given, _) in points.items():
            if not given.is_finite() or not 0 <= given <= grid[key].points:
                line = grid[key]
                raise ContractRefused(
                    "points_out_of_range", f"« {line.label} » se note de 0 à {line.points}.", f"points-{key}"
                )
        offer.scores.all().delete()
        OfferScore.objects.bulk_create(
            OfferScore(structure=actor.structure, offer=offer, criterion=grid[key], points=given, remark=remark.strip())
            for key, (given, remark) in points.items()
        )
        total = sum((given for given, _ in points.values()), Decimal(0))
        change.record("contract.offer_scored", offer, total=str(total))
    return total


def retain_offer(
    actor: Membership, pk: int, offer_pk: int, *, expected_revision: int, at: datetime
) -> Obligation | None:
    """Keep a bid: the candidate becomes holder, the hours it offered become what is owed.

    Return the obligation, or None when the bid offers no hours (a criterion on quality alone). One bid per lot.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        _before_signature(change)
        if waits := not_in_tender(change.contract.state):
            raise ContractRefused("not_in_tender", waits)
        offer = _offer(change, offer_pk)
        if change.contract.offers.filter(lot=offer.lot, retained=True).exists():
            raise ContractRefused("already_retained", "Une offre est déjà retenue ici.")
        others = change.contract.holders.filter(lot=offer.lot).exclude(organisation=offer.organisation)
        if others.exists():
            raise ContractRefused(
                "holder_known", f"Un autre titulaire est déjà saisi ici\u00a0: {others[0].organisation.name}."
            )
        _check_scored(change, offer)
        check_single_of_all(change, offer.lot, HolderRole.SINGLE)
        offer.retained = True
        offer.save()
        Holder.objects.get_or_create(
            contract=change.contract,
            lot=offer.lot,
            organisation=offer.organisation,
            defaults={"structure": actor.structure, "role": HolderRole.SINGLE},
        )
        obligation = _owed_by_offer(change, offer)
        index(change.contract)
        change.record("contract.offer_retained", offer, minutes=offer.offered_minutes)
    return obligation


def not_in_tender(state: str) -> str:
    """Say what is left to do before an offer may be retained; empty once the consultation runs."""
    path = ("calibrate", "approve", "publish")
    starts = [ContractState.DRAFT, ContractState.CALIBRATED, ContractState.BUYER_APPROVED]
    if state not in starts:
        return ""
    left = ", ".join(f"« {move(code).label} »" for code in path[starts.index(ContractState(state)) :])
    return f"Une offre se retient pendant la consultation\u00a0; il reste à noter\u00a0: {left}."


def _check_scored(change: Change, offer: Offer) -> None:
    scored = offer.scores.values("criterion")
    left = list(change.contract.criteria.exclude(pk__in=scored).values_list("label", flat=True))
    if left:
        named = ", ".join(f"« {label} »" for label in left)
        raise ContractRefused(
            "not_scored", f"Notez d’abord cette offre sur toute la grille\u00a0: {named}.", "offer_pk"
        )


def _owed_by_offer(change: Change, offer: Offer) -> Obligation | None:
    if not offer.offered_minutes:
        return None
    kind = LeverCode.CONDITION_AND_CRITERION.value
    minimum = change.contract.obligations.filter(lot=offer.lot, clause_type=kind).first()
    if minimum is None:
        minimum = Obligation(
            structure=change.actor.structure,
            contract=change.contract,
            lot=offer.lot,
            clause_type=kind,
            due_minutes=0,
            created_at=change.at,
        )
    if offer.offered_minutes < minimum.due_minutes:
        raise ContractRefused(
            "below_minimum",
            f"L’offre propose {offer.offered_minutes // 60}\u00a0h, sous le minimum de {minimum.due_minutes // 60}\u00a0h.",
        )
    minimum.due_minutes = offer.offered_minutes
    minimum.save()
    return minimum


def _before_signature(change: Change) -> None:
    if is_signed(change.contract.state):
        raise ContractRefused("signed", "Le marché est notifié\u00a0: les offres ne changent plus.")


def _offer(change: Change, pk: int) -> Offer:
    found = change.contract.offers.select_related("organisation", "lot").filter(pk=pk).first()
    if found is None:
        raise ContractRefused("offer_unknown", "Cette offre n’est plus sur le contrat.")
    return found
