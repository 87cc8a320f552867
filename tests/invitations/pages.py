import re
from typing import Any


def text(answer: Any) -> str:
    return str(answer.content.decode())


def shown(answer: Any) -> str:
    """The page without what changes at each request: the address asked, the key of the form."""
    return re.sub(r'/lien/[^/]+/|name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", text(answer))
