"""Where an organisation appears in public purchases data: what it bought, what it was awarded."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from dentelle.thread.territory.queries import store as serving_store

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract, as a line of an organisation's page. ``other`` is the other party: holder for a buyer, buyer for a holder."""

    url: str
    title: str
    other: str
    effective_on: date | None
    amount_cents: int | None
    estimated_end: date | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The contracts of a legal unit: how many as buyer and as holder, the latest of each, where to read them all."""

    bought: int
    bought_url: str
    latest_bought: tuple[Contract, ...]
    awarded: int
    latest_awarded: tuple[Contract, ...]


# amounts flagged absurd are not shown as if they were amounts
_COLUMNS = "contract_key, object, effective_on, CASE WHEN amount_flag = 'ok' THEN amount_cents END, estimated_end"


def purchases_of(number: str) -> Shown:
    """Return what the data of this installation say of a SIRET or a SIREN (its legal unit). Raises StoreMissing."""
    siren = number[:9]
    store = serving_store()
    buyers = store.rows("SELECT buyer_no, contracts FROM buyers WHERE buyer_siren = ?", [siren])
    bought = store.rows(
        f"SELECT {_COLUMNS}, holder_name FROM purchases WHERE buyer_no = ? "  # noqa: S608 (constants)
        f"ORDER BY effective_on DESC NULLS LAST, contract_key LIMIT {SHOWN}",
        [buyers[0][0] if buyers else -1],
    )
    held = "SELECT DISTINCT row_id FROM holders WHERE holder_siren = ? AND current"
    awarded = store.rows(f"SELECT count(*) FROM ({held})", [siren])  # noqa: S608 (constants)
    latest = store.rows(
        f"SELECT {_COLUMNS}, buyer_name FROM purchases WHERE row_id IN ({held}) "  # noqa: S608 (constants)
        f"ORDER BY effective_on DESC NULLS LAST, contract_key LIMIT {SHOWN}",
        [siren],
    )
    return Shown(
        bought=int(buyers[0][1]) if buyers else 0,
        bought_url=f"{reverse('purchases:list')}?acheteur={siren}",
        latest_bought=tuple(_contract(row) for row in bought),
        awarded=int(awarded[0][0]),
        latest_awarded=tuple(_contract(row) for row in latest),
    )


def _contract(row: tuple) -> Contract:  # type: ignore[type-arg]
    key, title, effective_on, amount, end, other = row
    return Contract(
        url=reverse("purchases:contract", kwargs={"contract_key": key}),
        title=title or "objet non renseigné",
        other=other or "nom inconnu",
        effective_on=effective_on,
        amount_cents=amount,
        estimated_end=end,
    )
