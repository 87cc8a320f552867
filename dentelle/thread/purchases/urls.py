from django.urls import path, re_path

from . import import_views, views

app_name = "purchases"
urlpatterns = [
    path("achats/", views.purchase_list, name="list"),
    path("achats/vues/", views.save_view, name="save_view"),
    path("achats/vues/<int:pk>/oublier/", views.delete_view, name="delete_view"),
    path("achats/colonnes/", views.choose_columns, name="columns"),
    path("achats/export/", views.export, name="export"),
    path("achats/acheteurs/", views.buyer_options, name="buyers"),
    re_path(r"^achats/(?P<contract_key>[0-9a-f]{20})/$", views.contract, name="contract"),
    re_path(r"^achats/organisation/(?P<number>[0-9]{9}|[0-9]{14})/$", views.of_organisation, name="of-organisation"),
    path("donnees/", import_views.data, name="import"),
    path("donnees/publier/", import_views.publish, name="publish"),
    re_path(r"^donnees/fichiers/(?P<sha256>[0-9a-f]{64})/retirer/$", import_views.remove, name="remove"),
    path("donnees/rejets.csv", import_views.rejects, name="rejects"),
]
