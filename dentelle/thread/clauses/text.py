import unicodedata


def searchable(*texts: str) -> str:
    """Return texts in lower case without accents, so that « ecole » finds « École » on any database."""
    joined = " ".join(text for text in texts if text).replace("’", "'").casefold()
    decomposed = unicodedata.normalize("NFKD", joined)
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
