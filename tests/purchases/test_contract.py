import re
from datetime import date
from html import unescape

import pytest

from dentelle.thread.purchases import columns
from tests.purchases.conftest import key
from tests.serving_frames import purchase

pytestmark = pytest.mark.django_db


def text(response) -> str:
    assert response.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(plain).replace("\u202f", " "))


def test_a_contract_says_what_is_known_where_from_and_what_is_not(client_of, reader, data) -> None:
    data(
        purchase(
            key(1),
            chain_id=key(1),
            chain_length=2,
            object="Ancien nettoyage",
            estimated_end=date(2023, 1, 1),
            is_last_of_chain=False,
        ),
        purchase(
            key(2),
            chain_id=key(1),
            chain_length=2,
            chain_rank=2,
            chain_previous_key=key(1),
            flags="lost_accents|never_heard_of",
            required="yes",
            obligation_basis="above_threshold",
            threshold_status="to_confirm",
            duration_source="cpv_median",
            duration_level="9091",
            need_amount_cents=30_000_000,
            need_lots=3,
            amount_kind="ceiling",
            procedure=None,
            estimated_launch=date(2026, 7, 15),
        ),
        holders=[
            {
                "contract_key": key(2),
                "rank": 1,
                "holder_name": None,
                "holder_id": "1",
                "holder_id_valid": False,
                "current": True,
            },
            {
                "contract_key": key(2),
                "rank": 2,
                "holder_name": "Propre SARL",
                "holder_name_source": "learnt",
                "holder_id": "30000000100011",
                "current": True,
            },
        ],
        modifications=[{"contract_key": key(2), "rank": 1, "amount_cents": 500, "notified_on": date(2024, 2, 1)}],
        subcontracts=[{"contract_key": key(2), "rank": 1, "subcontractor_id": "9", "amount_cents": 700}],
        lineage=[
            {
                "contract_key": key(2),
                "source_sha256": "ab" * 32,
                "record_index": 4,
                "position": 9_900,
                "outcome": "kept",
            },
            {
                "contract_key": key(2),
                "source_sha256": "ab" * 32,
                "record_index": 5,
                "position": 11_000,
                "outcome": "duplicate",
            },
        ],
        sources=[{"source_sha256": "ab" * 32, "source_name": "pes.json", "format": "json", "read": 10, "rejected": 0}],
    )
    response = client_of(reader).get(f"/achats/{key(2)}/")
    page = text(response)
    for words in (
        "condition sociale obligatoire",
        "Plafond attribué",
        "somme de 3 lots",
        "la médiane (CPV 9091)",
        "projection : les seuils de cette date ne sont pas encore publiés",
        "Ancien nettoyage",
        "nom inconnu",
        "clé ou longueur invalide",
        "Propre SARL nom lu dans un autre marché du même SIRET ou du même SIREN",
        "inchangée",
        "pes.json",
        "octet 9 900",
        "doublon, écarté",
        "ab" * 32,
        "never_heard_of",
        "Des accents sont perdus",
        "Procédure non renseigné",
    ):
        assert words in page, words
    html = response.content.decode()
    assert f'href="/calibrages/nouveau?achat={key(2)}"' in html
    assert f'href="/achats/{key(1)}/"' in html
    assert 'aria-current="step"' in html


def test_a_contract_without_date_says_why_its_end_is_unknown(client_of, reader, data) -> None:
    data(
        purchase(
            key(1),
            effective_on=None,
            effective_source="none",
            estimated_end=None,
            duration_months=None,
            amount_flag="missing",
            amount_cents=None,
        )
    )
    page = text(client_of(reader).get(f"/achats/{key(1)}/"))
    assert "La fin ne peut pas être estimée : la date n’est pas renseignée." in page
    assert "Montant attribué non renseigné" in page


@pytest.mark.parametrize("address", ["f" * 20, "0" * 19, "x" * 20, "../etc/passwd", "'%20OR%201=1"])
def test_an_unknown_contract_is_not_found(client_of, reader, data, address: str) -> None:
    data(purchase(key(1)))
    assert client_of(reader).get(f"/achats/{address}/").status_code == 404


def test_without_data_no_contract_is_found(client_of, reader, data) -> None:
    assert client_of(reader).get(f"/achats/{key(1)}/").status_code == 404


def test_the_way_back_keeps_the_list_and_nothing_else(client_of, reader, data) -> None:
    data(purchase(key(1)))
    html = client_of(reader).get(f"/achats/{key(1)}/", {"liste": "cpv=90&evil=javascript:1"}).content.decode()
    assert 'href="/achats/?cpv=90"' in html
    assert "javascript" not in html


def test_other_rooms_read_a_contract_with_only_usable_amounts(data) -> None:
    from dentelle.thread.purchases import queries

    assert queries.contract(key(1)) is None
    data(
        purchase(key(1), estimated_launch=date(2026, 7, 1)),
        purchase(key(2), amount_flag="too_large", amount_cents=10**16),
    )
    known = queries.contract(key(1))
    assert known is not None
    assert (known.amount_cents, known.cpv, known.estimated_launch) == (12_000_000, "90910000", date(2026, 7, 1))
    assert queries.contract(key(2)).amount_cents is None
    assert queries.contract(key(3)) is None


def test_an_amount_another_line_counts_is_shown_with_why_it_is_not_added(client_of, reader, data) -> None:
    from dentelle.thread.purchases import queries

    data(
        purchase(key(1), amount_flag="repeated", summable=False, amount_cents=5_000_000, flags="amount_repeated"),
        purchase(key(2), amount_flag="in_doubt", summable=False, amount_cents=7_000_000, flags="amount_in_doubt"),
    )
    pages = [text(client_of(reader).get(f"/achats/{key(rank)}/")) for rank in (1, 2)]
    assert "50 000 €" in pages[0]
    assert "déjà compté sur une autre ligne du même numéro" in pages[0]
    assert "70 000 €" in pages[1]
    assert "peut-être une autre version" in pages[1]
    assert queries.contract(key(1)).amount_cents == 5_000_000
    assert queries.contract(key(2)).amount_cents is None


def test_a_concession_says_that_its_cpv_is_not_published(client_of, reader, data) -> None:
    data(purchase(key(1), contract_kind="concession", cpv=None), purchase(key(2), contract_kind="unknown", cpv=None))
    granted, bought = (text(client_of(reader).get(f"/achats/{key(rank)}/")) for rank in (1, 2))
    assert "CPV non publié pour les concessions" in granted
    assert "déduit du CPV" not in granted
    assert "non publié pour les concessions" not in bought
    listed = text(client_of(reader).get("/achats/", {"colonnes": ["objet", "cpv"]}))
    assert listed.count("non publié pour les concessions") == 1


@pytest.mark.parametrize(
    ("area", "precision", "expected"),
    [
        ("commune:79049", "commune", "Bressuire commune 79049 Deux-Sèvres, CA du Bocage Bressuirais"),
        ("department:79", "department", "Deux-Sèvres département 79 Nouvelle-Aquitaine"),
        ("postal:79300", "postal", "Bressuire ou 3 autres communes code postal 79300 Deux-Sèvres"),
        ("commune:00000", "commune", "commune 00000"),
        (None, None, "non renseigné"),
    ],
)
def test_the_place_of_execution_is_named_with_its_code_in_small(
    client_of, reader, data, ground_directory, settings, area, precision, expected
) -> None:
    settings.DENTELLE_GROUND = ground_directory
    data(purchase(key(1), place_area=area, place_precision=precision))
    page = text(client_of(reader).get(f"/achats/{key(1)}/"))
    assert f"Lieu d’exécution {expected}" in page


def test_a_list_and_its_file_name_places_too(client_of, reader, data, ground_directory, settings) -> None:
    settings.DENTELLE_GROUND = ground_directory
    data(purchase(key(1), place_area="commune:79049"))
    page = text(client_of(reader).get("/achats/?colonnes=objet&colonnes=lieu"))
    assert "Bressuire commune 79049" in page
    write = columns.COLUMNS["lieu"].prepare()
    assert write("commune:79049", "commune") == "Bressuire (commune 79049)"
    assert columns.COLUMNS["departement"].prepare()("79") == "Deux-Sèvres (79)"
