"""Take an employment zones file in."""

from dentelle.opendata.ground import Ground
from dentelle.opendata.layers import Loaded, Loading
from dentelle.opendata.membership import AreaSource, load_areas_file
from dentelle.opendata.zones.check import ZONE_CODE, ZONE_CODE_WIDTH
from dentelle.opendata.zones.read import FIELDS

SOURCE = AreaSource(
    kind="zones",
    label="zones d’emploi",
    fields=FIELDS,
    area_code=ZONE_CODE,
    padded_width=ZONE_CODE_WIDTH,
    attribution="INSEE, zones d’emploi 2020 : Licence Ouverte 2.0",
)


def load_zones(ground: Ground, loading: Loading) -> Loaded:
    """Write ``zones-VINTAGE.parquet`` from INSEE's composition file."""
    return load_areas_file(SOURCE, ground, loading)
