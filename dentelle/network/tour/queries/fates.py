"""What became of findings: sheets begun from them, concerns that carry them, as far as the person may know."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse

from dentelle.network.governance.access import concerns_visible_to
from dentelle.network.governance.models import ConcernState
from dentelle.network.practices.access import practices_visible_to
from dentelle.network.practices.models import Origin, Practice
from dentelle.network.practices.pages import address
from dentelle.network.tour.access import Viewer
from dentelle.network.tour.actions.learning import origin_key
from dentelle.network.tour.models import Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that came of a finding; ``url`` is empty when the person may not open it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a finding. ``published`` sheets are among ``sheets``; concerns the person may not read are only counted."""

    finding: Finding
    sheets: int
    published: int
    concerns: int
    outcomes: tuple[Outcome, ...]
    hidden_sheets: int = 0
    hidden_concerns: int = 0


def fates_of(findings: Sequence[Finding], viewer: Viewer | None) -> tuple[Fate, ...]:
    """Return what became of findings of one network, in their order; to anyone (``viewer`` None) counts alone."""
    if not findings:
        return ()
    keys = {origin_key(each): each.pk for each in findings}
    network = findings[0].network_id
    sheets = Practice.objects.filter(network=network, origin=Origin.FINDING, origin_key__in=keys)
    if viewer is not None:
        readable = practices_visible_to(viewer).filter(pk=OuterRef("pk"))
        sheets = sheets.annotate(is_readable=Exists(readable))
    made: dict[int, list[Practice]] = {}
    for sheet in sheets.select_related("published", "structure").order_by("pk"):
        made.setdefault(keys[sheet.origin_key], []).append(sheet)
    carried: dict[int, list[int]] = {}
    links = Finding.concerns.through.objects.filter(finding__in=[each.pk for each in findings]).order_by("pk")
    links = links.exclude(concern__state=ConcernState.WITHDRAWN)
    for finding, concern in links.values_list("finding_id", "concern_id"):
        carried.setdefault(finding, []).append(concern)
    concerns: dict[int, str] = {}
    if viewer is not None and carried:
        every = [key for held in carried.values() for key in held]
        concerns = {each.pk: each.get_state_display() for each in concerns_visible_to(viewer).filter(pk__in=every)}
    return tuple(_fate(each, made.get(each.pk, []), carried.get(each.pk, []), concerns, viewer) for each in findings)


def _fate(
    finding: Finding,
    sheets: list[Practice],
    carried: list[int],
    concerns: dict[int, str],
    viewer: Viewer | None,
) -> Fate:
    outcomes = [
        Outcome(
            f"fiche «\u202f{sheet.published.title}\u202f»"
            if sheet.published
            else f"fiche en préparation, {sheet.structure.name if sheet.structure else 'tête de réseau'}",
            _page_of(sheet, viewer) if getattr(sheet, "is_readable", False) else "",
        )
        for sheet in sheets
        if sheet.published or getattr(sheet, "is_readable", False)
    ]
    outcomes += [
        Outcome(f"préoccupation d’élu ou d’élue, {concerns[key]}", reverse("governance:concern", args=[key]))
        for key in carried
        if key in concerns
    ]
    return Fate(
        finding=finding,
        sheets=len(sheets),
        published=sum(sheet.published_id is not None for sheet in sheets),
        concerns=len(carried),
        outcomes=tuple(outcomes),
        hidden_sheets=sum(sheet.published_id is None and not getattr(sheet, "is_readable", False) for sheet in sheets),
        hidden_concerns=sum(key not in concerns for key in carried),
    )


def _page_of(sheet: Practice, viewer: Viewer | None) -> str:
    """The page of a sheet, by the door the person comes through; of a published one, none to anyone outside."""
    return address(viewer, "detail", pk=sheet.pk) if viewer is not None else ""
