"""People and things are counted whole: « 3,5 personnes » is a slip, or another unit."""

from decimal import Decimal

from dentelle.network.agreements.models import Indicator
from dentelle.network.agreements.refusals import AgreementRefused


def check_whole(indicator: Indicator, value: Decimal | None, field: str) -> None:
    """Refuse a part of a person or of a thing counted. Raises AgreementRefused."""
    if value is not None and indicator.is_whole and value != int(value):
        raise AgreementRefused(
            "not_whole",
            f"« {indicator.get_unit_display()} » se compte en nombres entiers\u00a0: pas de virgule.",
            field,
        )
