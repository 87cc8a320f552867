from datetime import datetime

from dentelle.foundations.jobs.clock import every
from dentelle.network.agreements.actions.readings import fill_readings
from dentelle.rules.wording import plural


@every("daily 05:10", label="Compter les indicateurs des conventions")
def count_indicators(at: datetime) -> str:
    """Count what Dentelle knows for the periods of agreements that are over."""
    return f"{plural(fill_readings(at=at), 'relevé compté', 'relevés comptés')}."
