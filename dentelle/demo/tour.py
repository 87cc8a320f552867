"""The Tour of the demonstration: one stage told, one to tell, one filling up, one cancelled, one in preparation."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.organisations.models import Membership, NetworkSeat, Structure
from dentelle.network.governance.actions.concerns import Words
from dentelle.network.practices import actions as practices
from dentelle.network.surveys.models import Campaign
from dentelle.network.tour.actions import learning, registrations, stages
from dentelle.network.tour.actions.registrations import Guest
from dentelle.network.tour.actions.stages import Item, StageWords, TourWords
from dentelle.network.tour.known import take_known
from dentelle.network.tour.models import Finding, Stage, Tour
from dentelle.rules.practices import ANSWERED

STORY = Path(__file__).with_name("tour.yaml")
TOLD_BEFORE = timedelta(days=75)  # how long before today the first announcements were made


def load_tour(seat: NetworkSeat, writers: Sequence[Membership], official: Membership, *, at: datetime) -> int:
    """Tell the Tour through the acts people use; return how many stages. The Tour of the press is taken too."""
    story: Mapping[str, Any] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    began = at - TOLD_BEFORE
    take_known(seat, at=began)
    words = TourWords(
        name=story["name"],
        aim=story["aim"],
        starts_on=began.date(),
        ends_on=began.date().replace(year=began.year + 2, day=1),
        campaign=Campaign.objects.filter(network=seat.network, questionnaire__code="tour").first(),
    )
    tour = stages.open_tour(seat, words, at=began)
    for told in story["stages"]:
        stage = _stage(seat, tour, told, at=at)
        if told["in"] < 0:
            _took_place(seat, stage, told, writers, official, at=at)
    return len(story["stages"])


def _stage(seat: NetworkSeat, tour: Tour, told: Mapping[str, Any], *, at: datetime) -> Stage:
    """A stage prepared, announced unless it is still a draft, with those who registered."""
    before = at - TOLD_BEFORE
    host = Structure.objects.filter(network=seat.network, name=told.get("host", "")).first()
    words = StageWords(
        region_code=told["region_code"],
        title=told["title"],
        summary=told.get("summary", ""),
        day=(at + timedelta(days=told["in"])).date(),
        begins=time.fromisoformat(told["begins"]),
        finishes=time.fromisoformat(told["finishes"]) if "finishes" in told else None,
        place=told["place"],
        address=told.get("address", ""),
        host=host,
        capacity=told.get("capacity"),
    )
    draft = told.get("draft", False)
    stage = stages.plan_stage(seat, tour.pk, words, at=at - timedelta(days=3) if draft else before)
    if draft:
        return stage
    items = [Item(**{**item, "hour": time.fromisoformat(item["hour"])}) for item in told.get("programme", ())]
    if items:
        stages.write_programme(seat, stage.pk, items, at=before)
    stages.announce(seat, stage.pk, at=before)
    for rank, (name, organisation, kind) in enumerate(told.get("guests", ())):
        guest = Guest(name, f"invite{rank}@{told['key']}.example", organisation, kind)
        registrations.register_guest(stage.pk, guest, at=at - timedelta(days=9 - rank, hours=2))
    if "cancelled" in told:
        stages.cancel(seat, stage.pk, told["cancelled"], at=at - timedelta(days=2))
    return stage


def _took_place(
    seat: NetworkSeat,
    stage: Stage,
    told: Mapping[str, Any],
    writers: Sequence[Membership],
    official: Membership,
    *,
    at: datetime,
) -> None:
    """Who came, what they said; for a stage told, what was learned and what came of it."""
    after = at + timedelta(days=told["in"], hours=14)
    for writer in writers[:2]:
        registrations.register_member(writer, stage.pk, kind="facilitator", at=after - timedelta(days=20))
    came = list(stage.registrations.values_list("pk", flat=True))
    after = max(after, at - timedelta(days=5)) if told["in"] > -7 else after
    registrations.note_attendance(seat, stage.pk, came, at=after)
    for kind, number in told["came"].items():
        registrations.add_came(seat, stage.pk, kind=kind, number=number, at=after)
    needs = [
        learning.note_need(writers[rank % len(writers)], stage.pk, **need, at=after)
        for rank, need in enumerate(told["needs"])
    ]
    board = SimpleUploadedFile("tableaux-des-ateliers.txt", "\n".join(need.words for need in needs).encode())
    stages.add_document(seat, stage.pk, board, title="Tableaux des ateliers", audience="public", at=after)
    for said in told.get("findings", ()):
        chosen = [needs[rank].pk for rank in said["needs"]]
        finding = learning.state_finding(
            seat, stage.pk, text=said["text"], theme=said["theme"], needs=chosen, at=after + timedelta(days=2)
        )
        _follow(seat, finding, said, told, writers, official, at=after + timedelta(days=4))
    if "lessons" in told:
        learning.report(seat, stage.pk, told["lessons"], at=after + timedelta(days=3))


def _follow(
    seat: NetworkSeat,
    finding: Finding,
    said: Mapping[str, Any],
    told: Mapping[str, Any],
    writers: Sequence[Membership],
    official: Membership,
    *,
    at: datetime,
) -> None:
    """What came of a finding: a sheet, published or begun; an official's concern."""
    if "carried" in said:
        learning.carry(official, finding.pk, Words(said["carried"], []), at=at)
    if "sheet" not in said:
        return
    writer, neighbour = writers[0], writers[1]
    sheet = learning.begin_sheet(writer, finding.pk, at=at)
    if said["sheet"] != "published":
        return
    content = {**sheet.versions.get().content, **told["sheet"]}
    what, value = content.pop("result")
    content |= {
        "results": [{"what": what, "value": value, "source": "suivi de la structure (fictif)", "period": "une année"}],
        "contact_name": "Accueil de la structure (fictif)",
        "licence": "etalab-2.0",
        "consent": True,
    }
    practices.write(writer, sheet.pk, content, at=at)
    practices.submit(writer, sheet.pk, at=at)
    profile = {one.code: (place * 5 + 1) % 4 for place, one in enumerate(ANSWERED)}
    practices.review(neighbour, sheet.pk, profile, "Simple, et cela se refait.", at=at)
    practices.publish(seat, sheet.pk, at=at + timedelta(days=1))
