"""A company without account: the structure sends it a link that opens its part of one contract, and may take it back."""

from datetime import datetime, timedelta

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.invitations.links import LinkRefused, send_link
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.access import contract_editable_by
from dentelle.thread.contracts.models import Contract, Holder, Subcontract
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from dentelle.thread.contracts.states import is_signed

PURPOSE = "contract_company"  # declared by the pages it opens
DAYS = 60


def companies_of(contract: Contract) -> list[Organisation]:
    """Return the holders and the subcontractors of a contract, each once, holders first."""
    held = [each.organisation for each in Holder.objects.filter(contract=contract).select_related("organisation")]
    under = Subcontract.objects.filter(holder__contract=contract).select_related("organisation")
    return list(dict.fromkeys([*held, *(each.organisation for each in under)]))


def send_to_company(
    actor: Membership,
    pk: int,
    organisation_pk: int,
    *,
    email: str,
    days: int,
    site: str,
    expected_revision: int,
    at: datetime,
) -> MagicLink:
    """Send a company on the contract a link that opens its part, for ``days``. Raises ContractRefused, EditedMeanwhile."""
    contract = contract_editable_by(actor, pk)
    if contract.revision != expected_revision:
        raise EditedMeanwhile(contract)
    if not is_signed(contract.state):
        raise ContractRefused("not_signed", "Un lien s’envoie une fois le marché notifié.")
    company = next((each for each in companies_of(contract) if each.pk == organisation_pk), None)
    if company is None:
        raise ContractRefused("company_unknown", "Cette entreprise n’est plus sur le contrat.", "company")
    if not 1 <= days <= 730:
        raise ContractRefused("days", "Un accès dure de 1 à 730 jours.", "days")
    try:
        return send_link(
            PURPOSE,
            contract,
            email=email,
            structure=contract.structure,
            actor=actor.user,
            open_until=at + timedelta(days=days),
            site=site,
            at=at,
            organisation=company,
        )
    except LinkRefused as refused:
        raise ContractRefused(refused.code, str(refused), "email") from refused
