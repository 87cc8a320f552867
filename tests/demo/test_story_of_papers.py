"""The demonstration holds papers for every contract, and publications of every standing."""

import zipfile
from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.states import ContractState
from dentelle.thread.papers.catalogue import why_not
from dentelle.thread.papers.dossier import dossier_of
from dentelle.thread.papers.queries import context_of, papers_of, write_paper
from dentelle.thread.papers.reading import text_of
from dentelle.thread.publications.queries import PublicationFilters, list_publications
from dentelle.thread.publications.standing import Standing
from tests.consistency.test_demo import demo, demo_files, loaded

__all__ = ["demo", "demo_files", "loaded"]


def of_every_kind() -> list[Contract]:
    """One contract of each state, with each type of clause, and of each thing a contract may carry."""
    kinds: dict[tuple[object, ...], Contract] = {}
    every = Contract.objects.select_related("structure", "operation", "buyer", "facilitator")
    for contract in every.prefetch_related("obligations", "amendments", "pooled", "holders__subcontracts"):
        carries = {
            ("state", contract.state),
            ("framework", contract.is_framework, bool(contract.amendments.all())),
            ("pooled", bool(contract.pooled.all()), bool(contract.operation)),
            ("handed down", any(holder.subcontracts.all() for holder in contract.holders.all())),
            *(("owes", each.clause_type, each.penalty_mode) for each in contract.obligations.all()),
        }
        for carried in carries:
            kinds.setdefault(carried, contract)
    return list({contract.pk: contract for contract in kinds.values()}.values())


def test_every_paper_opens_for_contracts_of_every_kind_and_leaves_no_tag(demo):
    at = timezone.now()
    chosen = of_every_kind()
    assert len({contract.state for contract in chosen}) == len(ContractState)
    for contract in chosen:
        context = context_of(contract, on=timezone.localdate(at))
        papers = papers_of(contract, context)
        for line in (*papers.now, *papers.others):
            if why_not(line.kind, context):
                continue
            written = text_of(write_paper(line.kind, None, context, at=at).content)
            wrong = [mark for mark in ("{{", "{%", "}}", "None", " ,", "..", "[[") if mark in written]
            assert wrong == [], (contract.pk, line.kind.code, wrong)
        dossier = dossier_of(papers, context, at=at)
        assert dossier.refused == ()
        with zipfile.ZipFile(BytesIO(dossier.content)) as archive:
            for name in archive.namelist():
                Document(BytesIO(archive.read(name)))


def test_publications_of_the_demonstration_stand_everywhere_a_publication_may(demo):
    membership = Membership.objects.get(user__email__startswith="nadia@", structure__name__startswith="Maison")
    page = list_publications(membership, PublicationFilters(), today=timezone.localdate())
    counts = {each.standing: each.count for each in page.counts}
    assert all(counts[standing] for standing in Standing), counts
    assert counts[Standing.MATCHED] > counts[Standing.MISSING] + counts[Standing.DIFFERENT]


@pytest.mark.parametrize("address", ["/publications/", "/pieces/modeles/", "/pieces/modeles/variables"])
def test_the_pages_of_papers_and_publications_open(demo, address: str):
    assert demo.get(address).status_code == 200
