"""Who is kept: identifiers that are identifiers, and nobody who asked not to appear."""

import pyarrow as pa
import pyarrow.compute as pc

PUBLIC = "O"  # statutDiffusion: O is public; P (partial) and N ask not to appear
NATURAL_PERSON = "1000"  # legal category of sole traders: their name is a person's


def is_public(status: pa.Array) -> pa.Array:
    """Return which rows may be kept; an unknown status is not public."""
    return pc.fill_null(pc.equal(status, PUBLIC), False)


def is_identifier(codes: pa.Array, digits: int) -> pa.Array:
    """Return which rows have exactly this number of digits."""
    return pc.fill_null(pc.match_substring_regex(codes, rf"^\d{{{digits}}}$"), False)
