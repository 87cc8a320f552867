"""The official geographic code (COG): communes, EPCI, departments, regions, in one compact file.

In: the npm package ``@etalab/decoupage-administratif``. Out: ``cog.parquet``, one row per place or former code. Decided
here: which commune a former code leads to, which EPCI a commune belongs to, what counts as a defect of the source.
"""
