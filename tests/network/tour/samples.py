from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.organisations.models import Membership
from dentelle.network.tour import calendars, letters
from dentelle.network.tour.actions import feeds, stages
from dentelle.network.tour.vocabulary import Audience
from tests.factories import NOW
from tests.network.governance.making import head_of, mandate
from tests.network.tour import making
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    """The network has one Tour, told and read by all its people; a need is withdrawn by who noted it, or the head."""
    seat = head_of(membership)
    mandate(seat)
    tour = making.tour(seat)
    coming = making.stage(seat, title=f"Étape {membership.pk}")
    held = making.stage(seat, state="held", days=-3, title=f"Étape tenue {membership.pk}")
    reported = making.stage(seat, state="reported", days=-30, title=f"Étape racontée {membership.pk}")
    stages.open_synthesis(seat, tour.pk, at=NOW)
    need = making.need(held, noted_by=membership.user, structure=membership.structure)
    finding = making.finding(held)
    guest = making.guest(coming, email=f"personne{membership.pk}@essai.example")
    paper = SimpleUploadedFile("diapositives.txt", b"1. Accueil\n")
    document = stages.add_document(
        seat, reported.pk, paper, title="Diapositives", audience=Audience.PUBLIC, at=NOW
    )  # fmt: skip

    def shared(pk: int, **more: str) -> Sample:
        return Sample({"pk": pk, **more}, network=True)

    stage_pages = ("stage", "stage-change", "programme", "register", "attendance", "came", "need", "event")
    open_to_all = "anyone reads what the head of the network opened to the public"
    return {
        **{
            f"tour:{name}": shared(tour.pk)
            for name in ("tour", "tour-change", "stage-new", "synthesis", "synthesis-open", "synthesis-file")
        },
        **{f"tour:{name}": shared(coming.pk) for name in stage_pages},
        "tour:export": shared(coming.pk, form="csv"),
        "tour:seat-stage": shared(coming.pk),
        "tour:act": shared(coming.pk, code="annoncer"),
        "tour:report": shared(held.pk),
        "tour:need-withdraw": shared(need.pk),
        **{f"tour:{name}": shared(finding.pk) for name in ("finding", "sheet", "carry", "finding-withdraw")},
        "tour:document": shared(document.pk),
        **{
            f"tour:{name}": Sample({"pk": tour.pk}, open_to_all)
            for name in ("public", "public-calendar", "public-synthesis", "public-synthesis-file")
        },
        **{f"tour:{name}": Sample({"pk": coming.pk}, open_to_all) for name in ("public-stage", "public-event")},
        "tour:public-report": Sample({"pk": reported.pk}, open_to_all),
        "tour:public-document": Sample({"pk": document.pk}, open_to_all),
        "tour:personal-calendar": Sample(
            {"token": calendars.token_of(feeds.open_feed(membership, at=NOW))},
            "a calendar has no account, its address is secret",
        ),
        "tour:leave": Sample({"token": letters.token_of(guest)}, open_to_all),
    }
