"""Public purchases have a search of their own, over millions of rows: the page of results leads to it."""

from urllib.parse import urlencode

from django.urls import reverse

from dentelle.foundations.search.registry import register_elsewhere

register_elsewhere("dans les achats publics", lambda text: f"{reverse('purchases:list')}?{urlencode({'q': text})}")
