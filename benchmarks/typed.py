"""The type the reference of the DECP import decodes into: every field of the decrees, as its own kind of value.

The importer's own record leaves labels as they are written, since it reads each set of them once; a bare decoder has no such memory.
"""

import msgspec

from dentelle.opendata.decp.record import Record, Text

Flag = str | int | float | bool | None
Labels = tuple[str, ...] | None


class Techniques(msgspec.Struct, gc=False, frozen=True):
    technique: Labels = None


class Modalities(msgspec.Struct, gc=False, frozen=True):
    modaliteExecution: Labels = None


class PriceTypes(msgspec.Struct, gc=False, frozen=True):
    typePrix: Labels = None


class SocialConsiderations(msgspec.Struct, gc=False, frozen=True):
    considerationSociale: Labels = None


class EnvironmentalConsiderations(msgspec.Struct, gc=False, frozen=True):
    considerationEnvironnementale: Labels = None


class TypedRecord(Record, gc=False):
    """A contract or a concession, its labels decoded like the rest."""

    nature: Text = None  # type: ignore[assignment]
    procedure: Text = None  # type: ignore[assignment]
    ccag: Text = None  # type: ignore[assignment]
    formePrix: Text = None  # type: ignore[assignment]
    typeGroupementOperateurs: Text = None  # type: ignore[assignment]
    marcheInnovant: Flag = None  # type: ignore[assignment]
    sousTraitanceDeclaree: Flag = None  # type: ignore[assignment]
    techniques: Techniques | None = None  # type: ignore[assignment]
    modalitesExecution: Modalities | None = None  # type: ignore[assignment]
    typesPrix: PriceTypes | None = None  # type: ignore[assignment]
    considerationsSociales: SocialConsiderations | None = None  # type: ignore[assignment]
    considerationsEnvironnementales: EnvironmentalConsiderations | None = None  # type: ignore[assignment]
