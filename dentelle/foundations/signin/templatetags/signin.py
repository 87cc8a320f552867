import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """JSON for a ``data-`` attribute, escaped by the template as any text: pages hold no inline script."""
    return json.dumps(value, cls=DjangoJSONEncoder)
