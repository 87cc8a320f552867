"""Priority neighbourhoods of city policy (quartiers prioritaires, QPV): perimeters of 2015 and of 2024, never mixed.

In: the GeoJSON of ANCT. Out: ``priority_neighbourhoods-VINTAGE.parquet``, one row per neighbourhood. Decided here: which
perimeters hold on a date, whether a point is inside. Never required.
"""

from dentelle.opendata.priority_neighbourhoods.lookup import Neighbourhood, Neighbourhoods, neighbourhoods_on

__all__ = ["Neighbourhood", "Neighbourhoods", "neighbourhoods_on"]
