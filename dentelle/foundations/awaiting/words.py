"""How long a line has waited and when it is due, in the words people use."""

from datetime import date

from dentelle.rules.wording import THIN, plural

MONTHS_FROM = 60  # days past which one counts in months
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def waited(since: date | None, today: date) -> str:
    """Return « depuis hier », « depuis 12 jours », « depuis 3 mois »; empty when nobody knows, or since a day to come.

    >>> waited(date(2026, 11, 21), date(2026, 11, 22))
    'depuis hier'
    """
    if since is None or since > today:
        return ""
    days = (today - since).days
    if days < 2:
        return ("depuis aujourd’hui", "depuis hier")[days]
    return f"depuis {plural(days, 'jour', 'jours') if days < MONTHS_FROM else _months(days)}"


def due_words(due: date | None, today: date) -> str:
    """Return « en retard de 3 jours », « pour aujourd’hui », « pour demain », « pour le 24/12/2026 »; empty without a date."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return f"en retard de {plural(-days, 'jour', 'jours') if -days < MONTHS_FROM else _months(-days)}"
    if days < 2:
        return ("pour aujourd’hui", "pour demain")[days]
    return f"pour {DAYS[due.weekday()]}{THIN}{due.day:02d}/{due.month:02d}" if days < 7 else f"pour le {due:%d/%m/%Y}"


def day_in_full(today: date) -> str:
    """Return the day of the week: « dimanche »."""
    return DAYS[today.weekday()]


def _months(days: int) -> str:
    return f"{days // 30}{THIN}mois"
