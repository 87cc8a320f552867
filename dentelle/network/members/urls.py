from django.urls import path

from . import views

app_name = "members"
urlpatterns = [
    path("membres/", views.directory, name="directory"),
    path("membres/zones-blanches/", views.white_areas, name="white-areas"),
    path("membres/equilibre/", views.balance, name="balance"),
    path("membres/page-publique/", views.public_settings, name="public-settings"),
    path("membres/data-inclusion/", views.inclusion, name="inclusion"),
    path("membres/data-inclusion/structures.json", views.inclusion_file, name="inclusion-file"),
    path("reseaux/<int:pk>/membres/", views.public_page, name="public"),
]
