"""Take a local employment committees file in."""

from dentelle.opendata.committees.check import COMMITTEE_CODE
from dentelle.opendata.committees.read import FIELDS
from dentelle.opendata.ground import Ground
from dentelle.opendata.layers import Loaded, Loading
from dentelle.opendata.membership import AreaSource, load_areas_file

SOURCE = AreaSource(
    kind="committees",
    label="comités locaux pour l’emploi",
    fields=FIELDS,
    area_code=COMMITTEE_CODE,
    padded_width=None,
    attribution="France Travail, comités locaux pour l’emploi",
)


def load_committees(ground: Ground, loading: Loading) -> Loaded:
    """Write ``committees-VINTAGE.parquet`` from France Travail's file."""
    return load_areas_file(SOURCE, ground, loading)
