"""Findings of the Tour as other rooms of the network cite them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.organisations.models import Network
from dentelle.network.tour.access import TOOK_PLACE
from dentelle.network.tour.models import Finding

MOST = 500


@dataclass(frozen=True, slots=True)
class CitedFinding:
    """A finding and where it comes from; ``source`` is the sentence a paper prints, ``url`` its page in the network."""

    pk: int
    text: str
    theme: str
    stage: int
    stage_title: str
    region_code: str
    region: str
    day: date | None
    stated_on: date
    url: str

    @property
    def source(self) -> str:
        when = f", {self.day:%d/%m/%Y}" if self.day else ""
        return f"Tour, étape {self.region}{when}"


def findings_cited_by(
    network: Network | int, keys: Collection[int] | None = None, *, theme: str = ""
) -> tuple[CitedFinding, ...]:
    """Return the findings of a network's stages that took place, latest first; only those of ``keys`` when given.

    Those whose words were withdrawn are told as such among ``keys``, and are not offered otherwise.

    ``theme`` is a code of ``practices.vocabulary.THEMES``. One query, whatever their number.
    """
    found = Finding.objects.filter(network=network, stage__state__in=TOOK_PLACE).select_related("stage")
    found = found.filter(pk__in=list(keys)) if keys is not None else found.filter(withdrawn_on=None)
    if theme:
        found = found.filter(theme=theme)
    return tuple(cited(each) for each in found.order_by("-stated_at", "-pk")[:MOST])


def cited(finding: Finding) -> CitedFinding:
    """Return one finding as it is cited; its stage is loaded."""
    stage = finding.stage
    return CitedFinding(
        pk=finding.pk,
        text=finding.told,
        theme=finding.theme_label,
        stage=stage.pk,
        stage_title=stage.title,
        region_code=stage.region_code,
        region=stage.region,
        day=stage.day,
        stated_on=timezone.localdate(finding.stated_at),
        url=reverse("tour:finding", args=[finding.pk]),
    )
