from django.utils import timezone

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.links import send_to_company
from tests.contracts import making
from tests.factories import NOW
from tests.samples import Sample
from tests.spaces.making import SITE, shared


def organisation_of(membership: Membership, role: str) -> Organisation:
    """The buyer or the company whose things the samples of a structure are: no other structure's samples name it."""
    first = {"buyer": 810_000_000, "company": 820_000_000, "partner": 830_000_000}[role]
    return making.organisation(f"Organisation partagée {role}", str(first + membership.structure_id))


def samples(membership: Membership) -> dict[str, Sample]:
    contract = making.contract(
        membership,
        title="Contrat témoin 6e1f partagé",
        buyer=organisation_of(membership, "buyer"),
        notified_on=NOW.date(),
        starts_on=NOW.date(),
        ends_on=NOW.date().replace(year=NOW.year + 1),
    )
    making.obligation(membership, contract, 100)
    company = organisation_of(membership, "company")
    actions.add_holder(membership, contract.pk, company, expected_revision=contract.revision, at=NOW)
    contract.refresh_from_db()
    for code in ("notify", "start"):
        contract = actions.move_contract(membership, contract.pk, code, expected_revision=contract.revision, at=NOW)
    told = shared(membership, contract, "both", "Échange témoin 6e1f", file="piece.txt")
    link = send_to_company(
        membership,
        contract.pk,
        company.pk,
        email=f"structure{membership.structure_id}@entreprise.example",
        days=60,
        site=SITE,
        expected_revision=contract.revision,
        at=timezone.now(),
    )
    file = told.attachment_id
    return {
        "contracts:answers": Sample({"pk": contract.pk}),
        "contracts:link-close": Sample({"pk": contract.pk, "link_pk": link.pk}),
        "spaces:contract": Sample({"pk": contract.pk}),
        "spaces:act": Sample({"pk": contract.pk, "code": "question"}),
        "spaces:file": Sample({"pk": contract.pk, "uuid": file}),
        "spaces:indicator": Sample({"code": "clauses"}, shared="the name of an indicator is nobody's"),
        "spaces:received-act": Sample({"code": "question"}, shared="the name of an act is nobody's"),
        "spaces:received-file": Sample({"uuid": file}),
    }
