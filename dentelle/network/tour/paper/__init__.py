"""The papers of the Tour, as tagged PDF (PDF/UA-1): the report of a stage, on one page; the synthesis of the Tour."""
