"""The clock forgets those who came to stages long past."""

from datetime import datetime

from dentelle.foundations.jobs.clock import every
from dentelle.network.tour.actions.registrations import forget_people


@every("daily 04:20")
def forget_people_of_the_tour(at: datetime) -> str:
    return f"{forget_people(at)} inscriptions au Tour effacées"
