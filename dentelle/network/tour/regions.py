"""The regions of France: their code (INSEE, official geographical code), their name, the clock people there live by."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Region:
    """``zone`` is a name of the time zone database."""

    code: str
    name: str
    zone: str = PARIS

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


_ALL = (
    Region("84", "Auvergne-Rhône-Alpes"),
    Region("27", "Bourgogne-Franche-Comté"),
    Region("53", "Bretagne"),
    Region("24", "Centre-Val de Loire"),
    Region("94", "Corse"),
    Region("44", "Grand Est"),
    Region("01", "Guadeloupe", "America/Guadeloupe"),
    Region("03", "Guyane", "America/Cayenne"),
    Region("32", "Hauts-de-France"),
    Region("11", "Île-de-France"),
    Region("04", "La Réunion", "Indian/Reunion"),
    Region("02", "Martinique", "America/Martinique"),
    Region("06", "Mayotte", "Indian/Mayotte"),
    Region("28", "Normandie"),
    Region("75", "Nouvelle-Aquitaine"),
    Region("76", "Occitanie"),
    Region("52", "Pays de la Loire"),
    Region("93", "Provence-Alpes-Côte d’Azur"),
)
REGIONS = {region.code: region for region in _ALL}
CHOICES = [(region.code, region.name) for region in _ALL]


def region_name(code: str) -> str:
    """Return the name of a region, its code when nobody knows it."""
    return REGIONS[code].name if code in REGIONS else code
