"""How a browser names itself, in words its owner recognises. Pure."""

# the first that matches wins: Edge also says Chrome, Chrome also says Safari, Android also says Linux
_PROGRAMMES = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
UNKNOWN = "navigateur non reconnu"


def browser_words(agent: str) -> str:
    """Return « Firefox sur Windows » from what the browser says of itself, without its version.

    >>> browser_words("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
    'Firefox sur Linux'
    """
    programme = next((name for mark, name in _PROGRAMMES if mark in agent), "")
    machine = next((name for mark, name in _MACHINES if mark in agent), "")
    if programme and machine:
        return f"{programme} sur {machine}"
    return programme or machine or UNKNOWN
