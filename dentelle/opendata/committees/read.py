"""The columns of France Travail's file."""

from dentelle.opendata.tabular import Field

FIELDS = (
    Field("commune_code", ("commune_id", "code_commune", "CODGEO")),
    Field("area_code", ("territoire_id", "code_clpe")),
    Field("area_name", ("territoire_libelle", "libelle_clpe")),
    Field("commune_name", ("commune_libelle", "nom_commune", "LIBGEO"), required=False),
    Field("department_code", ("departement_id",), required=False),
)
