"""Calendar months in integers: no float month, no clock. Moving a date by months is ``engines.add_months``."""

import narwhals.stable.v2 as nw


def month_index(date: nw.Expr) -> nw.Expr:
    """Months since year 0: January 2026 → 24312. Two indexes subtract to whole calendar months."""
    return date.dt.year().cast(nw.Int64) * 12 + date.dt.month().cast(nw.Int64) - 1


def month_label(date: nw.Expr) -> nw.Expr:
    """« YYYY-MM »."""
    return nw.concat_str(
        [date.dt.year().cast(nw.String).str.zfill(4), nw.lit("-"), date.dt.month().cast(nw.String).str.zfill(2)]
    )


def floor_divide(numerator: nw.Expr, denominator: int | nw.Expr) -> nw.Expr:
    """Exact floor of ``numerator`` ÷ ``denominator`` for 64-bit integers whose quotient stays below 2**50.

    Spark's integer division goes through a double, exact only up to 2**53: taking the remainder off first makes the
    double quotient a whole number, which rounding restores.
    """
    return ((numerator - numerator % denominator) / denominator).round(0).cast(nw.Int64)
