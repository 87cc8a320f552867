"""From rows to what the API shows of them. Callers prefetch what is read here."""

from decimal import Decimal
from typing import Any

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.dues import dues_of, owed_minutes
from dentelle.thread.contracts.models import Contract, Holder, Obligation, Operation
from dentelle.web.api import resources as shown


def organisation(row: Organisation) -> shown.OrganisationShown:
    """Prefetch ``kinds``, those open today only."""
    return shown.OrganisationShown(
        siret=row.siret or None,
        kinds=[each.kind for each in row.kinds.all()],
        **_same(row, "id siren name legal_category commune_code address name_source created_at updated_at"),
    )


def named(row: Organisation) -> shown.OrganisationNamed:
    return shown.OrganisationNamed(siret=row.siret or None, **_same(row, "id siren name"))


def operation(row: Operation) -> shown.OperationShown:
    return shown.OperationShown(**_same(row, "id name programme programme_name neighbourhoods site created_at"))


_OF_CONTRACT = (
    "id revision title number subject cpv kind procedure ccag is_framework amount_cents launched_on notified_on starts_on "
    "ends_on state state_since closed_on stated_insertion_minutes stated_internship_minutes stated_protected_minutes "
    "created_at updated_at"
)


def _known(row: Contract, reader: Membership, share: int | None) -> dict[str, Any]:
    leads = row.structure_id == reader.structure_id
    return {
        **_same(row, _OF_CONTRACT),
        "buyer": named(row.buyer) if row.buyer else None,
        "operation_id": row.operation_id if leads else None,
        "calibration_id": row.calibration_id if leads else None,
        "facilitator": row.facilitator.full_name if row.facilitator else None,
        "is_lead": leads,
        "share_minutes": None if leads else share,
        "dues": [
            shown.DueShown(
                counts=due.counts.value,
                owed_minutes=due.owed,
                optional_minutes=due.optional,
                unsized_orders=due.unsized_orders,
            )
            for due in dues_of(row)
        ],
    }


def contract(row: Contract, reader: Membership, share: int | None) -> shown.ContractShown:
    """Prefetch obligations with their orders and amendments; select buyer and facilitator."""
    return shown.ContractShown(**_known(row, reader, share))


def detailed(row: Contract, reader: Membership, share: int | None) -> shown.ContractDetailed:
    """As the sheet of the page loads it."""
    return shown.ContractDetailed(
        **_known(row, reader, share),
        lots=[shown.LotShown(**_same(each, "id number title")) for each in row.lots.all()],
        holders=[_holder(each) for each in row.holders.all()],
        obligations=[obligation(each, row) for each in row.obligations.all()],
    )


def _holder(row: Holder) -> shown.HolderShown:
    return shown.HolderShown(
        organisation=named(row.organisation),
        subcontracts=[
            shown.SubcontractShown(
                organisation=named(each.organisation),
                **_same(each, "id parent_id subject due_minutes starts_on ends_on"),
            )
            for each in row.subcontracts.all()
        ],
        **_same(row, "id lot_id role due_minutes"),
    )


_OF_OBLIGATION = (
    "id contract_id lot_id clause_type due_minutes base publics tranche tranche_number affirmed_on deadline_on penalty_mode "
    "formal_notice_days document_penalty_cents waiver_allowed created_at"
)


def obligation(row: Obligation, of: Contract) -> shown.ObligationShown:
    """Prefetch orders and amendments."""
    return shown.ObligationShown(
        counts=row.counts.value,
        owed_minutes=owed_minutes(row),
        neighbourhood_share_basis_points=basis_points(row.neighbourhood_share),
        training_share_basis_points=basis_points(row.training_share),
        penalty_value_hundredths=None if row.penalty_value is None else int(row.penalty_value * 100),
        penalty_cap_share_basis_points=basis_points(row.penalty_cap_share),
        orders=[
            shown.OrderShown(**_same(each, "id number ordered_on amount_cents added_minutes"))
            for each in row.orders.all()
        ],
        amendments=[
            shown.AmendmentShown(**_same(each, "id decided_on minutes_change new_end_on reason"))
            for each in row.amendments.all()
        ],
        updated_at=of.updated_at,
        **_same(row, _OF_OBLIGATION),
    )


def basis_points(share: Decimal | None) -> int | None:
    """Return a share in ten-thousandths: 0.05 gives 500."""
    return None if share is None else int(share * 10_000)


def _same(row: Any, names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names.split()}
