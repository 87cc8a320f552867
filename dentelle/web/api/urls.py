from django.urls import path, re_path

from . import views
from .api import patterns

app_name = "api"
urlpatterns = [
    path("openapi.json", views.openapi_document, name="openapi"),
    path("docs", views.docs, name="docs"),
    *patterns(),
    # whatever it is made of, even ends of lines, which the converters of addresses do not let through
    re_path(r"^(?P<rest>(?s:.*))\Z", views.nowhere, name="nowhere"),
]
