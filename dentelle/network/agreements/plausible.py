"""Days nobody can have meant: a slip of the keyboard is refused at its field."""

from datetime import date, datetime

from django.utils import timezone

from dentelle.network.agreements.models import Agreement
from dentelle.network.agreements.refusals import AgreementRefused

YEARS_BEFORE = 2  # deliberations, preparation: what comes earlier belongs to an earlier agreement


def check_happened(agreement: Agreement, on: date, at: datetime, field: str, to_come: str) -> None:
    """Refuse a day to come (``to_come`` says why), or long before the agreement. Raises AgreementRefused."""
    if on > timezone.localdate(at):
        raise AgreementRefused("future", to_come, field)
    check_not_long_before(agreement, on, field)


def check_not_long_before(agreement: Agreement, on: date, field: str) -> None:
    """Refuse a day more than two years before the agreement starts. Raises AgreementRefused."""
    if agreement.starts_on is None:
        return
    year = agreement.starts_on.year - YEARS_BEFORE
    if (on.year, on.month, on.day) < (year, agreement.starts_on.month, agreement.starts_on.day):
        raise AgreementRefused(
            "long_before",
            f"Ce jour précède de plus de deux ans le début de la convention ({agreement.starts_on:%d/%m/%Y})\u00a0: "
            "vérifiez l’année.",
            field,
        )
