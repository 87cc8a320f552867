"""Members as structures of the data.inclusion schema (v1), checked by the package its authors publish.

Schéma de l’offre d’insertion, GIP Plateforme de l’inclusion, Licence Ouverte 2.0. Nothing is invented to please the schema: a field
it refuses is left out and told; a structure it refuses is left out and told. Services are not exported: the site holds no description
of them. https://github.com/gip-inclusion/data-inclusion-schema
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data_inclusion.schema.v1 import Structure as Published
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from pydantic import ValidationError

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import DeviceKind, Network, Structure, StructureKind
from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.members.queries import Member
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.text import fold

_REQUIRED = {"source", "id", "nom", "date_maj"}
LABELS = {
    "nom": "nom",
    "date_maj": "date de mise à jour",
    "siret": "SIRET",
    "commune": "commune",
    "code_postal": "code postal",
    "code_insee": "code de la commune",
    "adresse": "adresse",
    "telephone": "téléphone",
    "courriel": "adresse électronique",
    "reseaux_porteurs": "réseaux porteurs",
}
# the code list is the schema's: those of its networks a member may belong to
CARRIERS = {
    StructureKind.PLIE.value: "plie",
    StructureKind.MAISON_EMPLOI.value: "maisons-de-l-emploi",
    DeviceKind.PLIE.value: "plie",
    DeviceKind.MAISON_EMPLOI.value: "maisons-de-l-emploi",
}
_POSTAL = re.compile(r"\b(\d{5})\s+([^\n,]+)\s*\Z")


@dataclass(frozen=True, slots=True)
class Exported:
    """A member as it leaves: ``data`` None when the schema refuses it; ``refused`` names what was left out."""

    member: Member
    data: Mapping[str, Any] | None
    refused: tuple[str, ...]
    missing: tuple[str, ...]


def exported(network: Network, members: Sequence[Member]) -> tuple[Exported, ...]:
    """Return each member checked against the schema, in four queries at most."""
    changed = _last_changes([member.structure for member in members])
    known = ground_or_none()
    return tuple(_exported(network, member, changed, known) for member in members)


def as_file(found: Sequence[Exported]) -> bytes:
    """Return the structures the schema accepts, as the JSON list data.inclusion reads."""
    return json.dumps([each.data for each in found if each.data], ensure_ascii=False, indent=1).encode()


def _exported(network: Network, member: Member, changed: Mapping[int, date], known: Ground | None) -> Exported:
    structure = member.structure
    source = f"dentelle-{slugify(network.name)}"
    fields: dict[str, Any] = {
        "source": source,
        "id": f"{source}--{structure.slug}",
        "nom": structure.name,
        "date_maj": changed[structure.pk].isoformat(),
        "siret": structure.siret,
        "telephone": structure.phone,
        "courriel": structure.email,
        "reseaux_porteurs": _carriers(member),
        **_address(structure.address, known),
    }
    fields = {name: value for name, value in fields.items() if value}
    refused: list[str] = []
    while True:
        try:
            checked = Published.model_validate(fields)
        except ValidationError as wrong:
            names = {str(error["loc"][0]) for error in wrong.errors()}
            refused += sorted(LABELS.get(name, name) for name in names)
            if names & _REQUIRED:
                return Exported(member, None, tuple(refused), ())
            fields = {name: value for name, value in fields.items() if name not in names}
        else:
            break
    data = checked.model_dump(mode="json", exclude_none=True)
    if "reseaux_porteurs" in data:
        data["reseaux_porteurs"] = sorted(data["reseaux_porteurs"])
    wanted = ("siret", "adresse", "code_insee", "telephone", "courriel")
    missing = tuple(LABELS[name] for name in wanted if name not in data and LABELS[name] not in refused)
    return Exported(member, data, tuple(refused), missing)


def _carriers(member: Member) -> list[str]:
    kinds = [member.structure.kind, *(device.kind for device in member.devices)]
    return sorted({CARRIERS[kind] for kind in kinds if kind in CARRIERS})


def _address(text: str, known: Ground | None) -> dict[str, str]:
    """Read « 4 rue des Tisserands, 79300 Bressuire »; only what is certain: a commune that its postal code serves."""
    found = _POSTAL.search(text.strip())
    if found is None:
        return {}
    street = text.strip()[: found.start()].strip(" ,\n")
    read = {"adresse": " ".join(street.split()), "code_postal": found[1], "commune": found[2].strip()}
    served = known.communes_of_postal_code(found[1]) if known else ()
    same = [code for code in served if known and fold(known.commune(code).name) == fold(found[2])]
    return {**read, "code_insee": same[0]} if len(same) == 1 else read


def _last_changes(structures: Sequence[Structure]) -> dict[int, date]:
    """Return the day each structure, its devices or its territory were last written."""
    label = Structure._meta.label_lower
    entries = Entry.objects.filter(
        structure__in=structures, object_type__in=[label, "organisations.device", "organisations.coverage"]
    )
    last = dict(entries.order_by().values_list("structure").annotate(Max("at")))
    return {one.pk: timezone.localdate(max(filter(None, (last.get(one.pk), one.approved_at)))) for one in structures}
