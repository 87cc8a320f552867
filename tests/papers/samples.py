from dentelle.foundations.organisations.models import Membership
from tests.contracts import making as contracts
from tests.papers.making import sent
from tests.samples import Sample

SHIPPED = "papers are the same kinds for everybody; what a structure made of them is its own"


def samples(membership: Membership) -> dict[str, Sample]:
    contract = contracts.running(membership, title="Contrat témoin 6e1f")
    version = sent(membership)
    of_contract = Sample({"pk": contract.pk})
    of_paper = Sample({"pk": contract.pk, "slug": "ccap"})
    of_kind = Sample({"slug": "avis"}, shared=SHIPPED)
    of_version = Sample({"slug": "avis", "pk": version.pk})
    return {
        "papers:contract": of_contract,
        "papers:dossier": of_contract,
        "papers:read": of_paper,
        "papers:download": of_paper,
        "papers:template": of_kind,
        "papers:shipped": of_kind,
        "papers:come-back": of_kind,
        "papers:version": of_version,
        "papers:put-in-force": of_version,
        "papers:try": Sample({"slug": "avis", "pk": version.pk, "contract_pk": contract.pk}),
    }
