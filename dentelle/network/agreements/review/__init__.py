"""The yearly review of an agreement, in Word: its template (``review.txt``) and what fills it."""
