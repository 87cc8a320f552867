"""The closed lists of a sheet: code → word on screen. Codes are kept, words may be changed."""

from dentelle.foundations.organisations.models import DeviceKind
from dentelle.rules.practices import BUDGETS as BUDGET_BANDS
from dentelle.rules.practices import SETUPS as SETUP_BANDS
from dentelle.rules.practices import TRANSFER, Evidence
from dentelle.rules.trades import trades

# the four axes of the network's roadmap of September 2021; those voted in a mandate are governance's (decision 192)
AXES = {
    "inclusion": "Insertion",
    "territories": "Territorialisation des politiques publiques",
    "purchasing": "Commande publique responsable",
    "ecology": "Emplois de la transition écologique",
}
DEVICES = {code: label[0].upper() + label[1:] for code, label in DeviceKind.choices}
# the subjects of the survey before the Tour, then those of the action sheets of 2019
THEMES = {
    "partnerships": "Partenariats",
    "training": "Formation dans les parcours",
    "forecasting": "Gestion prévisionnelle des achats, des emplois et des compétences",
    "diversity": "Mixité des publics et des métiers",
    "local_management": "Gestion urbaine de proximité",
    "participation": "Participation des habitants",
    "iae_disability": "IAE et handicap",
    "upstream": "Insertion en amont de l’achat",
    "beyond_renewal": "Au-delà de la rénovation urbaine",
    "outreach": "Accueillir et aller vers",
    "barriers": "Lever les freins",
    "steps": "Étapes d’emploi",
    "advisors": "Formation des référents",
    "companies": "Entreprises et recrutement",
    "clause": "Clause sociale",
    "equality": "Discriminations, égalité entre femmes et hommes",
    "childcare": "Garde d’enfants",
    "mobility": "Mobilité",
    "digital": "Numérique",
    "care_services": "Services à la personne",
    "creation": "Création d’activité",
    "european_funds": "Fonds européens",
}
PUBLICS = {
    "long_unemployed": "Personnes au chômage de longue durée",
    "rsa": "Bénéficiaires du RSA",
    "young": "Jeunes de moins de 26 ans",
    "seniors": "Seniors",
    "women": "Femmes",
    "disabled": "Personnes handicapées",
    "refugees": "Personnes réfugiées",
    "neighbourhoods": "Habitants des quartiers prioritaires",
    "no_diploma": "Personnes sans diplôme",
    "all": "Toute personne éloignée de l’emploi",
    "professionals": "Professionnels de l’insertion et de l’achat",
}
GROUNDS = {
    "urban": "Urbain",
    "suburban": "Périurbain",
    "rural": "Rural",
    "mountain": "Montagne",
    "overseas": "Outre-mer",
    "qpv": "Quartiers prioritaires",
    "frr": "France ruralités revitalisation",
}
OUTCOMES = {"worked": "A marché", "partly": "A marché en partie", "failed": "N’a pas marché"}
FUNDERS = {
    "europe": "Union européenne",
    "state": "État",
    "region": "Région",
    "department": "Département",
    "communes": "Communes et intercommunalités",
    "employment_service": "Service public de l’emploi",
    "private": "Entreprises et fondations",
    "other": "Autre financeur",
}
LICENCES = {
    "etalab-2.0": "Licence Ouverte 2.0",
    "cc-by-4.0": "Creative Commons, attribution 4.0",
    "network": "Lecture dans le réseau seulement",
}
# a sheet under one of these is read by anyone, names left out
OPEN_LICENCES = ("etalab-2.0", "cc-by-4.0")
EVIDENCE = {str(level.value): f"{level.value}, {level.label}" for level in Evidence}
TRADES = {each.code: each.label for each in trades()}
BUDGETS = {band.code: band.label for band in BUDGET_BANDS}
SETUPS = {band.code: band.label for band in SETUP_BANDS}
# several at once: a profile is never added up
TRANSFERS = {one.code: one.easy for one in TRANSFER}
WITH_TOOLS = {"yes": "avec des outils à reprendre"}
