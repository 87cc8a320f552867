"""Calendar months in integers: no float month, no clock, the day clamped to the length of the month."""

import narwhals.stable.v2 as nw


def month_index(date: nw.Expr) -> nw.Expr:
    """Months since year 0: January 2026 → 24312. Two indexes subtract to whole calendar months."""
    return date.dt.year().cast(nw.Int64) * 12 + date.dt.month().cast(nw.Int64) - 1


def month_label(date: nw.Expr) -> nw.Expr:
    """« YYYY-MM »."""
    return nw.concat_str(
        [date.dt.year().cast(nw.String).str.zfill(4), nw.lit("-"), date.dt.month().cast(nw.String).str.zfill(2)]
    )


def plus_months(date: nw.Expr, months: nw.Expr) -> nw.Expr:
    """``date`` moved by ``months`` (may be negative); 31 January + 1 month is the last day of February.

    Null when either is null.
    """
    index = month_index(date) + months.cast(nw.Int64)
    year = index // 12
    month = index % 12 + 1
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    last = (
        nw.when(month.is_in([4, 6, 9, 11]))
        .then(nw.lit(30))
        .when((month == 2) & leap)
        .then(nw.lit(29))
        .when(month == 2)
        .then(nw.lit(28))
        .otherwise(nw.lit(31))
    )
    day = nw.min_horizontal(date.dt.day().cast(nw.Int64), last.cast(nw.Int64))
    text = nw.concat_str(
        [
            year.cast(nw.String).str.zfill(4),
            nw.lit("-"),
            month.cast(nw.String).str.zfill(2),
            nw.lit("-"),
            day.cast(nw.String).str.zfill(2),
        ]
    )
    return nw.when(~date.is_null() & ~months.is_null()).then(text.cast(nw.Date))


def floor_divide(numerator: nw.Expr, denominator: int | nw.Expr) -> nw.Expr:
    """Exact floor of ``numerator`` ÷ ``denominator`` for 64-bit integers whose quotient stays below 2**50.

    Spark's integer division goes through a double, exact only up to 2**53: taking the remainder off first makes the
    double quotient a whole number, which rounding restores.
    """
    return ((numerator - numerator % denominator) / denominator).round(0).cast(nw.Int64)
