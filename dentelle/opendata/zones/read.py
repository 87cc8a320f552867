"""The columns of INSEE's composition file, under the names seen in its editions and exports."""

from dentelle.opendata.tabular import Field

FIELDS = (
    Field("commune_code", ("CODGEO", "code_commune", "COM")),
    Field("area_code", ("ZE2020", "codze2020", "ze_2020")),
    Field("area_name", ("LIBZE2020", "libelle_ze2020")),
    Field("commune_name", ("LIBGEO", "libelle_commune"), required=False),
    Field("department_code", ("DEP",), required=False),
)
