"""Words that say what a contract is about, and how much each weighs when two objects are compared.

The lists are written, not learnt from the data: two contracts are alike or not whatever the other contracts of the file,
so a chain does not change when a territory is looked at alone.
"""

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep, release

# Grammar, and the vocabulary every notice carries: weigh nothing.
STOP_WORDS = frozenset(
    [
        "au",
        "aux",
        "avec",
        "ces",
        "cette",
        "dans",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "etre",
        "il",
        "la",
        "le",
        "les",
        "leur",
        "leurs",
        "lors",
        "ne",
        "nos",
        "notre",
        "ou",
        "par",
        "pas",
        "pour",
        "que",
        "qui",
        "sans",
        "se",
        "selon",
        "ses",
        "son",
        "sont",
        "sous",
        "sur",
        "un",
        "une",
        "vers",
        "vos",
        "votre",
        "afin",
        "ainsi",
        "dont",
        "entre",
        "accord",
        "accords",
        "cadre",
        "marche",
        "marches",
        "bons",
        "bon",
        "commande",
        "commandes",
        "consultation",
        "consultations",
        "contrat",
        "contrats",
        "subsequent",
        "subsequents",
        "procedure",
        "adaptee",
        "mapa",
        "appel",
        "appels",
        "offres",
        "offre",
        "ouvert",
        "relance",
        "numero",
        "num",
        "ref",
        "reference",
        "objet",
        "lots",
        "tranche",
        "tranches",
        "ferme",
        "fermes",
        "optionnelle",
        "conditionnelle",
        "annee",
        "annees",
        "ans",
        "mois",
        "periode",
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
        "ville",
        "villes",
        "commune",
        "communes",
        "departement",
        "region",
        "communaute",
        "agglomeration",
        "metropole",
        "syndicat",
        "mairie",
        "divers",
        "diverses",
        "autre",
        "autres",
        "besoin",
        "besoins",
        "compte",
        "profit",
    ]
)

# Words most notices share: they count, three times less than the others.
COMMON_WORDS = frozenset(
    [
        "travaux",
        "fourniture",
        "fournitures",
        "prestation",
        "prestations",
        "service",
        "services",
        "maintenance",
        "entretien",
        "mise",
        "oeuvre",
        "mission",
        "missions",
        "realisation",
        "achat",
        "achats",
        "acquisition",
        "location",
        "livraison",
        "pose",
        "installation",
        "installations",
        "gestion",
        "exploitation",
        "amenagement",
        "construction",
        "rehabilitation",
        "renovation",
        "restructuration",
        "extension",
        "creation",
        "remplacement",
        "refection",
        "batiment",
        "batiments",
        "site",
        "sites",
        "locaux",
        "ensemble",
        "materiel",
        "materiels",
        "equipement",
        "equipements",
        "produits",
        "groupement",
        "territoire",
        "patrimoine",
        "centre",
        "public",
        "publics",
        "rue",
        "place",
        "logements",
        "logement",
        "assistance",
        "maitrise",
        "etude",
        "etudes",
    ]
)

_LOT = r"\blot (n |no |num |numero )?0*"

COMMON_WEIGHT = 1
SPECIFIC_WEIGHT = 3
MINIMUM_WEIGHT = 3  # an object below says too little (« travaux ») to be recognised


def weighted_words(contracts: Frame, *keys: str) -> Frame:
    """One row per distinct word of ``object_words``: ``keys``, ``word`` (a number), ``weight``.

    « lot n 03 » becomes the single word « lot3 », so that lots of the same name stay apart; other bare numbers (years,
    file numbers) and words under three letters are dropped.
    """
    objects = nw.col("object_words")
    # most objects name no lot: the pattern is not worth running on them
    folded = nw.when(objects.str.contains("lot ", literal=True)).then(objects.str.replace_all(_LOT, "lot"))
    split = contracts.select(*keys, word=nw.coalesce(folded, objects).str.split(" ")).explode("word")
    written = keep(split.filter(~nw.col("word").is_null()))
    # each distinct word is judged once, then stands as a number: the pair search compares nothing longer
    word = nw.col("word")
    telling = (
        written.select("word")
        .unique()
        .filter(word.str.len_chars() >= 3, ~word.is_in(sorted(STOP_WORDS)), ~word.str.contains(r"^[0-9]+$"))
    )
    weight = nw.when(word.is_in(sorted(COMMON_WORDS))).then(nw.lit(COMMON_WEIGHT)).otherwise(nw.lit(SPECIFIC_WEIGHT))
    numbered = telling.with_row_index("rank", order_by="word").select("word", "rank", weight=weight.cast(nw.Int64))
    found = keep(written.join(keep(numbered), on="word", how="inner").select(*keys, "weight", word="rank").unique())
    release(written)
    return found
