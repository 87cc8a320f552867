from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.network.agreements.actions.services import declare_service
from dentelle.network.agreements.models import Agreement, Party
from tests.factories import NOW
from tests.network.agreements import making
from tests.samples import Sample
from tests.spaces.samples import organisation_of


def partner_of(membership: Membership) -> Organisation:
    """The partner of the samples of a structure: no other structure's samples name it."""
    organisation = organisation_of(membership, "partner")
    organisation.siret = f"{organisation.siren}00010"
    organisation.save(update_fields=["siret"])
    return organisation


def samples(membership: Membership) -> dict[str, Sample]:
    partner, head = partner_of(membership), making.head_of(membership)
    frame = making.draft(head)
    agreement = making.draft(membership, title="Convention témoin 6e1f")
    for each, structure in ((frame, None), (agreement, membership.structure)):
        Party.objects.create(structure=structure, agreement=each, organisation=partner, side="partner")
    # written as they stand: every address of the site is walked with these, and each act would be done thousands of times
    Agreement.objects.filter(pk=frame.pk).update(state="signed", signed_on=making.TODAY)
    Agreement.objects.filter(pk=agreement.pk).update(state="proposed", framework=frame)
    line = declare_service(
        membership,
        organisation=partner,
        service="mobility",
        public="all",
        places=["commune:79191"],
        detail="Ligne témoin 6e1f",
        at=NOW,
    )
    year = {"pk": frame.pk, "year": 2026}
    found = {"agreements:service-end": Sample({"pk": line.pk})}
    for door in ("", "seat-"):
        found[f"agreements:{door}detail"] = Sample({"pk": agreement.pk})
        found[f"agreements:{door}document"] = Sample({"pk": agreement.pk})
        found[f"agreements:{door}signed-file"] = Sample({"pk": agreement.pk})
        found[f"agreements:{door}act"] = Sample({"pk": agreement.pk, "code": "etape"})
    found["agreements:edit"] = Sample({"pk": agreement.pk})
    found["agreements:review"] = Sample(year, network=True)
    found["agreements:seat-review"] = Sample(year)
    return found
