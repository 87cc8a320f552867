from django.urls import path

from . import template_views, views

app_name = "papers"
urlpatterns = [
    path("modeles/", views.template_list, name="templates"),
    path("modeles/variables", views.variable_list, name="variables"),
    path("modeles/<slug:slug>/", template_views.template_detail, name="template"),
    path("modeles/<slug:slug>/fourni", template_views.template_shipped, name="shipped"),
    path("modeles/<slug:slug>/revenir", template_views.template_come_back, name="come-back"),
    path("modeles/<slug:slug>/<int:pk>", template_views.version_detail, name="version"),
    path("modeles/<slug:slug>/<int:pk>/essai/<int:contract_pk>", template_views.version_try, name="try"),
    path("modeles/<slug:slug>/<int:pk>/service", template_views.version_put_in_force, name="put-in-force"),
    path("contrats/<int:pk>", views.contract_papers, name="contract"),
    path("contrats/<int:pk>/dossier", views.contract_dossier, name="dossier"),
    path("contrats/<int:pk>/<slug:slug>", views.paper_read, name="read"),
    path("contrats/<int:pk>/<slug:slug>/word", views.paper_download, name="download"),
]
