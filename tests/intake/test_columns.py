from dentelle.foundations.intake.cells import Kind
from dentelle.foundations.intake.columns import Field, Match, find_header, propose

FIELDS = (
    Field("subject", "Objet", Kind.TEXT, ("Intitulé du marché", "Libellé"), required=True),
    Field("amount", "Montant estimé", Kind.CENTS, ("Montant HT", "Estimation")),
    Field("buyer", "SIRET de l’acheteur", Kind.IDENTIFIER, ("SIRET",)),
)


def columns(titles: list[str], **remembered: str) -> dict[str, int]:
    return {name: found.column for name, found in propose(titles, FIELDS, remembered).items()}


def test_columns_are_known_without_accents_case_or_signs() -> None:
    assert columns(["N°", "INTITULE DU MARCHE", "montant (H.T.)", "Siret"]) == {"subject": 1, "amount": 2, "buyer": 3}


def test_a_title_that_is_close_is_proposed_and_said_so() -> None:
    found = propose(["Objet", "Montants estimés"], FIELDS)
    assert (found["amount"].column, found["amount"].match) == (1, Match.ALIKE)


def test_one_column_serves_one_field() -> None:
    assert columns(["Objet"]) == {"subject": 0}


def test_what_was_remembered_comes_first() -> None:
    found = propose(["Objet", "Description"], FIELDS, {"subject": "description"})
    assert (found["subject"].column, found["subject"].match) == (1, Match.REMEMBERED)


def test_the_header_is_found_under_title_lines() -> None:
    rows = [
        ["Programmation des achats 2027", "", "", ""],
        ["Direction de la commande publique", "", "", ""],
        ["", "", "", ""],
        ["N°", "Intitulé du marché", "Montant HT", "SIRET"],
        ["1", "Entretien des espaces verts", "250 000", "21350238800019"],
    ]
    assert find_header(rows, FIELDS) == 3


def test_a_sheet_that_names_nothing_has_no_header() -> None:
    assert find_header([["a", "b"], ["1", "2"]], FIELDS) is None
