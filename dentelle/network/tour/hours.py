"""How hours are written."""

from datetime import time


def clock(hour: time | None) -> str:
    """Return « 9 h 30 », « 17 h »; nothing when the hour is not known."""
    if hour is None:
        return ""
    return f"{hour.hour}\u202fh" + (f"\u202f{hour.minute:02d}" if hour.minute else "")
