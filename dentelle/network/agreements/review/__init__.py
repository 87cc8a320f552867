"""What an agreement gives in Word: its text (``agreement.txt``), its yearly review (``review.txt``), and what fills them."""
