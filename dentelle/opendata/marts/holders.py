"""Who holds a contract: the name of a holder the file does not name, which is every holder of the 2022 format."""

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep
from dentelle.opendata.marts.ground_frames import GroundFrames

# Preferred first, as for buyers: a register before what buyers typed.
_SOURCES = ("sirene", "cog", "learnt")


def known_names(names: Frame | None, ground: GroundFrames) -> Frame:
    """One row per SIREN or SIRET that a source names: identifier, known_name, known_name_source.

    ``names`` is the table of that name of the data set (``decp.schema.NAMES``), learnt from records that carry names;
    without it only SIRENE and the geographic code speak. SIRENE first, then the geographic code, then what was learnt.
    """
    units = ground.legal_units.filter(~nw.col("name").is_null()).select("siren", "name")
    communes = ground.communes.filter(~nw.col("siren").is_null()).select("siren", "name")
    bodies = ground.epcis.select(siren="code", name="name")
    sources = [(units, 0), (communes, 1), (bodies, 1)]
    if names is not None:
        shown = names.filter(nw.col("rank") == 1).select(siren="identifier", name="name")
        sources.append((shown, 2))
    every = nw.concat(
        [frame.select(identifier="siren", known_name="name", preference=nw.lit(rank)) for frame, rank in sources],
        how="vertical",
    ).with_columns(one=nw.lit(1))
    # communes that share a SIREN are told apart by their name: the order is total
    ranked = every.with_columns(
        rank=nw.col("one").cum_sum().over("identifier", order_by=["preference", "known_name"])
    ).filter(nw.col("rank") == 1)
    source = nw.col("preference").replace_strict(dict(enumerate(_SOURCES)), default=None, return_dtype=nw.String)
    return keep(ranked.select("identifier", "known_name", known_name_source=source))


def holder_columns(rows: Frame, known: Frame) -> Frame:
    """``rows`` (contracts, or holders) with holder_name completed and holder_name_source.

    A published name is kept; else the one ``known`` (``known_names``) gives to the SIRET, else to its SIREN. Source:
    published | sirene | cog | learnt | unknown. An identifier that is not 14 characters long is only ever itself.
    """
    siret = nw.when(nw.col("holder_id").str.len_chars() == 14)
    lookups = rows.with_columns(
        holder_siret=siret.then(nw.col("holder_id")), holder_unit=siret.then(nw.col("holder_id").str.slice(0, 9))
    )
    of_siret = known.select(holder_siret="identifier", siret_name="known_name", siret_source="known_name_source")
    of_siren = known.select(holder_unit="identifier", siren_name="known_name", siren_source="known_name_source")
    joined = lookups.join(of_siret, on="holder_siret", how="left").join(of_siren, on="holder_unit", how="left")
    source = (
        nw.when(~nw.col("holder_name").is_null())
        .then(nw.lit("published"))
        .otherwise(nw.coalesce("siret_source", "siren_source", nw.lit("unknown")))
    )
    return joined.with_columns(
        holder_name_source=source, holder_name=nw.coalesce("holder_name", "siret_name", "siren_name")
    ).drop("holder_siret", "holder_unit", "siret_name", "siret_source", "siren_name", "siren_source")
