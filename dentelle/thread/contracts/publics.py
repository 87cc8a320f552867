"""The people an obligation is for, by the code the register holds."""

from collections.abc import Iterable

# categories of people by the code the register may hold: always the long label, acronyms collide
PUBLICS = {
    "DELD": "demandeurs d’emploi inscrits depuis plus de douze mois",
    "RSA": "bénéficiaires du revenu de solidarité active",
    "ASS": "bénéficiaires de l’allocation de solidarité spécifique",
    "AAH": "bénéficiaires de l’allocation aux adultes handicapés",
    "AI": "bénéficiaires de l’allocation d’insertion",
    "PI": "bénéficiaires d’une pension d’invalidité",
    "BOETH": "personnes handicapées bénéficiaires de l’obligation d’emploi",
    "JEUNE_6M": "jeunes de moins de 26 ans sortis de formation depuis six mois",
    "SENIOR": "demandeurs d’emploi seniors",
    "QPV": "habitants des quartiers prioritaires de la politique de la ville",
    "PLIE": "participants d’un plan local pour l’insertion et l’emploi",
    "REFUGIE": "personnes réfugiées ou bénéficiaires de la protection subsidiaire",
    "PPSMJ": "personnes placées sous main de justice",
    "MOTIVE": "autres personnes, sur avis motivé validé par le facilitateur",
}


def public_labels(codes: Iterable[object]) -> tuple[str, ...]:
    """Return the long label of each code; what an outside tool wrote in its own words is kept as it is."""
    return tuple(PUBLICS.get(str(each), str(each)) for each in codes)
