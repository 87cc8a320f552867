"""Reading white papers: frozen rows, as many queries at any length."""
