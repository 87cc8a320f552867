import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dentelle.opendata.marts import serving_aggregates as aggregates
from dentelle.opendata.marts.serving import BuildCancelled
from dentelle.opendata.marts.serving_filters import SORTS, Keyset, PurchaseFilters, Sort, words_of
from dentelle.opendata.marts.serving_store import Page, ServingStore, StoreMissing, StoreReplaced
from tests.serving_frames import make_store, purchase

ENDS = date(2027, 1, 15)


@pytest.fixture
def store_of(tmp_path: Path):
    def build(*rows, **tables) -> ServingStore:
        return ServingStore(make_store(tmp_path / "serving.duckdb", *rows, **tables), threads=1)

    return build


def keys(page: Page) -> list[str]:
    return [row.contract_key for row in page.rows]


def found(store: ServingStore, **filters) -> set[str]:
    asked = PurchaseFilters(**filters)
    page = store.search(asked)
    assert store.count(asked) == len(page.rows)
    return set(keys(page))


def test_each_filter_keeps_what_it_says(store_of) -> None:
    store = store_of(
        purchase("a", estimated_end=date(2026, 12, 31), amount_cents=100, required="yes", social_status="considered"),
        purchase("b", cpv="45233140", amount_cents=200, confidence="low", is_last_of_chain=False),
        purchase("c", cpv=None, amount_cents=None, amount_flag="missing", buyer_siren=None, buyer_id="illisible"),
        purchase(
            "d",
            estimated_end=None,
            required="to_check",
            is_subsequent=True,
            place_area=None,
            seat_area="epci:243500139",
        ),
    )
    assert found(store) == {"a", "b", "c", "d"}
    assert found(store, end_from=date(2026, 12, 31), end_before=ENDS) == {"a"}
    assert found(store, end_from=date(2027, 1, 1)) == {"b", "c"}
    assert found(store, cpv=("45",)) == {"b"}
    assert found(store, cpv=("45", "909")) == {"a", "b", "d"}
    assert found(store, amount_min_cents=150) == {"b", "d"}
    assert found(store, amount_max_cents=150) == {"a"}
    assert found(store, required=frozenset({"yes", "to_check"})) == {"a", "d"}
    assert found(store, social=frozenset({"considered"})) == {"a"}
    assert found(store, confidence=frozenset({"low"})) == {"b"}
    assert found(store, buyer="illisible") == {"c"}
    assert found(store, buyer="213502388") == {"a", "b", "d"}
    assert found(store, buyer="000000000") == set()
    assert found(store, coming_back_only=True) == {"a", "c"}


def test_a_territory_keeps_what_is_executed_there_or_bought_from_there(store_of) -> None:
    store = store_of(
        purchase("place", place_area="postal:35000", seat_area="commune:75056"),
        purchase("seat", place_area=None, seat_area="epci:243500139"),
        purchase("elsewhere", place_area="commune:59350", seat_area="commune:59350"),
    )
    inside = frozenset({"commune:35238", "postal:35000", "epci:243500139"})
    assert found(store, areas=inside) == {"place", "seat"}
    assert found(store, areas=frozenset()) == set()
    assert found(store, areas=frozenset({"commune:99999"})) == set()


def test_words_are_found_whatever_the_accents_in_object_buyer_and_holder(store_of) -> None:
    store = store_of(
        purchase("a", object="Réfection de la toiture de l’école", buyer_name="Mairie de Brest"),
        purchase(
            "b", object="Peinture", holder_name="Œuvre & Métiers", buyer_siren="222222222", buyer_name="Ville de Dole"
        ),
    )
    assert found(store, words="ECOLE réfection") == {"a"}
    assert found(store, words="toit") == {"a"}  # the beginning of a word is enough
    assert found(store, words="oiture") == set()  # its middle is not
    assert found(store, words="brest") == {"a"}
    assert found(store, words="œuvre") == {"b"}
    assert found(store, words="peinture toiture") == set()
    assert found(store, words="de la") == {"a", "b"}  # words that tell nothing are left out
    assert found(store, words="'; DROP TABLE purchases; --") == set()
    assert found(store) == {"a", "b"}


def test_a_word_in_most_purchases_answers_as_the_others_do(store_of) -> None:
    rows = [
        purchase(f"{n:05}", object="travaux de peinture" if n % 7 else "travail rare", estimated_end=ENDS)
        for n in range(1500)
    ]
    store = store_of(*rows)
    assert store.rows("SELECT count(*) FROM terms WHERE bit IS NOT NULL")[0][0] > 0
    expected = sum(1 for n in range(1500) if n % 7)
    assert store.count(PurchaseFilters(words="travaux")) == expected
    assert store.count(PurchaseFilters(words="peint trav")) == expected
    assert store.count(PurchaseFilters(words="trav")) == 1500  # a prefix over a frequent and a rare word
    assert store.count(PurchaseFilters(words="rare")) == 1500 - expected


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", sorted(SORTS))
def test_pages_forwards_then_back_show_every_row_once_in_the_same_order(store_of, by: str, descending: bool) -> None:
    rows = [
        purchase(
            f"{n:02}",
            estimated_end=None if n % 5 == 0 else ENDS + timedelta(days=n % 3),
            amount_cents=None if n % 4 == 0 else n % 3,
            buyer_siren=f"{n % 4:09}",
            buyer_name=None if n % 4 == 1 else f"Ville {n % 4}",
            holder_name=None if n % 6 == 0 else f"H{n % 2}",
            confidence=["low", "medium", "high"][n % 3],
        )
        for n in range(23)
    ]
    store, sort, everything = store_of(*rows), Sort(by, descending), PurchaseFilters()
    whole = keys(store.search(everything, sort, limit=100))
    assert sorted(whole) == [row["contract_key"] for row in rows]

    forwards = [store.search(everything, sort, limit=5)]
    while forwards[-1].after:
        forwards.append(store.search(everything, sort, forwards[-1].after, limit=5))
    assert list(itertools.chain.from_iterable(map(keys, forwards))) == whole
    assert [page.rank for page in forwards] == [0, 5, 10, 15, 20]

    backwards = [forwards[-1]]
    while backwards[-1].before:
        backwards.append(store.search(everything, sort, backwards[-1].before, limit=5))
    assert [keys(page) for page in reversed(backwards)] == [keys(page) for page in forwards]


def test_unknown_values_come_last_both_ways(store_of) -> None:
    store = store_of(
        purchase("none", amount_cents=None), purchase("small", amount_cents=1), purchase("large", amount_cents=9)
    )
    assert keys(store.search(PurchaseFilters(), Sort("amount"))) == ["small", "large", "none"]
    assert keys(store.search(PurchaseFilters(), Sort("amount", descending=True))) == ["large", "small", "none"]


def test_a_place_in_the_list_survives_the_contract_it_names(store_of) -> None:
    store = store_of(*(purchase(f"{n}", amount_cents=n) for n in range(6)))
    page = store.search(PurchaseFilters(), Sort("amount"), Keyset(3, "gone"), limit=2)
    assert keys(page) == ["3", "4"]
    page = store.search(PurchaseFilters(), Sort("amount"), Keyset(3, "gone", backwards=True), limit=2)
    assert keys(page) == ["2", "3"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_any_text_may_be_searched(any_text_store: ServingStore, text: str) -> None:
    assert any_text_store.count(PurchaseFilters(words=text)) in {0, 1}


@pytest.fixture(scope="module")
def any_text_store(tmp_path_factory: pytest.TempPathFactory) -> ServingStore:
    return ServingStore(make_store(tmp_path_factory.mktemp("store") / "s.duckdb", purchase("a")), threads=1)


def test_filters_no_row_could_match_are_refused_rather_than_empty() -> None:
    with pytest.raises(ValueError, match="CPV"):
        PurchaseFilters(cpv=("4' OR 1=1",))
    with pytest.raises(ValueError, match="inconnue"):
        PurchaseFilters(required=frozenset({"maybe"}))
    with pytest.raises(ValueError, match="Tri"):
        Sort("object; DROP TABLE purchases")
    assert words_of("L’École d’été") == ("ecole", "ete")


def test_one_contract_opens_with_all_that_is_known_of_it(store_of) -> None:
    store = store_of(
        purchase(
            "old", chain_id="old", chain_length=2, chain_rank=1, estimated_end=date(2023, 1, 1), is_last_of_chain=False
        ),
        purchase("new", chain_id="old", chain_length=2, chain_rank=2, chain_previous_key="old"),
        holders=[{"contract_key": "new", "rank": 1, "holder_name": "Propre SARL", "current": True}],
        modifications=[{"contract_key": "new", "rank": 1, "amount_cents": 5}],
        subcontracts=[{"contract_key": "new", "rank": 1, "amount_cents": 3}],
        lineage=[
            {"contract_key": "new", "source_sha256": "ab" * 32, "record_index": 4, "position": 99, "outcome": "kept"}
        ],
        sources=[{"source_sha256": "ab" * 32, "source_name": "pes.json", "read": 10, "rejected": 0, "bytes": 1}],
    )
    contract = store.contract("new")
    assert contract is not None
    assert contract["cpv"] == "90910000"
    assert [row.contract_key for row in store.chain(contract)] == ["old", "new"]
    assert store.holders(contract)[0]["holder_name"] == "Propre SARL"
    assert store.modifications(contract)[0]["amount_cents"] == 5
    assert store.subcontracts(contract)[0]["amount_cents"] == 3
    assert [(line["source_name"], line["position"]) for line in store.source_lines(contract)] == [("pes.json", 99)]
    assert store.contract("missing") is None
    assert store.chain({**contract, "chain_length": 1}) == []


def test_a_stream_gives_every_row_in_the_order_of_ends(store_of) -> None:
    store = store_of(*(purchase(f"{n}", estimated_end=ENDS + timedelta(days=n), amount_cents=n) for n in range(7)))
    batches = list(store.stream(PurchaseFilters(amount_min_cents=1), ["contract_key", "cpv"], batch=3))
    assert [len(batch) for batch in batches] == [2, 3, 1]
    assert [row[0] for batch in batches for row in batch] == ["1", "2", "3", "4", "5", "6"]
    with pytest.raises(ValueError, match="Colonne inconnue"):
        next(store.stream(PurchaseFilters(), ["1; DROP TABLE purchases"]))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", sorted(SORTS))
def test_a_stream_follows_the_order_of_the_pages(store_of, by: str, descending: bool) -> None:
    answers = ("yes", "no", "to_check", None)
    store = store_of(
        *(
            purchase(
                f"{n}",
                estimated_end=ENDS + timedelta(days=n % 4),
                amount_cents=None if n == 5 else n % 3,
                required=answers[n % 4],
                cpv=f"9091{n % 2}000",
            )
            for n in range(11)
        )
    )
    sort = Sort(by, descending)
    pages = [row.contract_key for row in store.search(PurchaseFilters(), sort, limit=50).rows]
    streamed = [row[0] for batch in store.stream(PurchaseFilters(), ["contract_key"], sort, batch=4) for row in batch]
    assert streamed == pages


@pytest.mark.parametrize("sort", [Sort(), Sort("amount")])
def test_a_stream_stops_rather_than_mix_two_data_sets(tmp_path: Path, sort: Sort) -> None:
    path = make_store(tmp_path / "serving.duckdb", *(purchase(f"{n}") for n in range(4)))
    reading = ServingStore(path, threads=1).stream(PurchaseFilters(), ["contract_key"], sort, batch=2)
    next(reading)
    make_store(path, *(purchase(f"new{n}") for n in range(4)))
    with pytest.raises(StoreReplaced):
        next(reading)


def test_a_new_file_is_seen_and_who_reads_the_old_one_keeps_it(tmp_path: Path) -> None:
    path = make_store(tmp_path / "serving.duckdb", purchase("old"))
    store = ServingStore(path, threads=1)
    reading = store.stream(PurchaseFilters(), ["contract_key"])
    assert store.count(PurchaseFilters()) == 1
    make_store(path, purchase("new1"), purchase("new2"))
    assert store.count(PurchaseFilters()) == 2
    assert keys(store.search(PurchaseFilters())) == ["new1", "new2"]
    assert [row for batch in reading for row in batch] == [("new1",), ("new2",)]  # had not begun: sees the new file


def test_a_build_that_stops_leaves_the_previous_file(tmp_path: Path) -> None:
    path = make_store(tmp_path / "serving.duckdb", purchase("old"))
    with pytest.raises(BuildCancelled):
        make_store_cancelled(path)
    assert ServingStore(path, threads=1).count(PurchaseFilters()) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["serving.duckdb"]


def make_store_cancelled(path: Path) -> None:
    import duckdb

    from dentelle.opendata.marts.serving import assemble

    assemble(duckdb.connect(":memory:"), path, {}, cancelled=lambda: True)


def test_a_missing_or_foreign_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="Aucun jeu de données"):
        ServingStore(tmp_path / "none.duckdb").meta()
    (tmp_path / "bad.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreMissing, match="illisible"):
        ServingStore(tmp_path / "bad.duckdb").meta()


def test_sums_take_prices_only_and_say_what_they_leave_out(store_of) -> None:
    store = store_of(
        purchase("a", amount_cents=100, required="yes", social_status="none"),
        purchase("b", amount_cents=50, amount_kind="ceiling", summable=False),
        purchase(
            "c", amount_cents=10**14, amount_flag="too_large", summable=False, buyer_siren="222222222", buyer_name=None
        ),
        purchase("d", estimated_end=date(2027, 4, 1), amount_cents=7),
        hours=[{"contract_key": "a", "trade": "cleaning", "trade_name": "Propreté", "hours_central": 40}],
    )
    quarters = aggregates.by_quarter(store, PurchaseFilters())
    assert [(q.key, q.required, q.contracts, q.amount_cents, q.ceiling_cents, q.amounts_unknown) for q in quarters] == [
        ("2027-T1", "yes", 1, 100, 0, 0),
        ("2027-T1", "no", 2, 0, 50, 1),
        ("2027-T2", "no", 1, 7, 0, 0),
    ]
    buyers = aggregates.by_buyer(store, PurchaseFilters())
    assert [(b.key, b.label, b.contracts) for b in buyers] == [
        ("213502388", "Commune de Rennes", 3),
        ("222222222", None, 1),
    ]
    assert aggregates.by_trade(store, PurchaseFilters())[0].hours_central == 40
    assert aggregates.by_department(store, PurchaseFilters())[0].contracts == 4
    facets = aggregates.facets(store, PurchaseFilters())
    assert facets.required == {"yes": 1, "no": 3}
    assert facets.divisions == {"90": 4}
    coverage = aggregates.coverage(store, PurchaseFilters())
    assert (coverage.contracts, coverage.buyer_named, coverage.social_stated, coverage.with_usable_amount) == (
        4,
        3,
        1,
        3,
    )
    assert aggregates.buyers(store, "RENNES") == [("213502388", "Commune de Rennes", 3)]
    assert aggregates.buyer_name(store, "222222222") is None
    assert store.meta()["contracts"] == "4"
