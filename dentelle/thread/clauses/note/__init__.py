"""The « note de calibrage »: one content (``content.py``), two papers (``pdf.py``, ``word.py``)."""
