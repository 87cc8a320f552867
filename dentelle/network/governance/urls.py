from django.urls import path

from . import axis_views, body_views, concern_views, session_views, views

app_name = "governance"
urlpatterns = [
    path("", views.home, name="home"),
    path("preoccupations/", concern_views.concern_list, name="concerns"),
    path("preoccupations/ecrire/", concern_views.write, name="write"),
    path("preoccupations/ranger/", concern_views.gathering, name="gathering"),
    path("preoccupations/<int:pk>/", concern_views.concern, name="concern"),
    path("preoccupations/<int:pk>/retirer/", concern_views.withdraw, name="withdraw"),
    path("preoccupations/<int:pk>/ecarter/", concern_views.set_aside, name="set-aside"),
    path("themes/nouveau/", concern_views.theme_new, name="theme-new"),
    path("themes/<int:pk>/", concern_views.theme, name="theme"),
    path("themes/<int:pk>/modifier/", concern_views.theme_change, name="theme-change"),
    path("axes/", axis_views.axis_list, name="axes"),
    path("axes/proposer/", axis_views.propose, name="propose"),
    path("axes/<int:pk>/", axis_views.axis, name="axis"),
    path("axes/<int:pk>/version/", axis_views.new_version, name="axis-version"),
    path("axes/<int:pk>/decider/", axis_views.decide, name="axis-decide"),
    path("axes/<int:pk>/clore/", axis_views.close, name="axis-close"),
    path("mandats/", body_views.mandate_list, name="mandates"),
    path("mandats/ouvrir/", body_views.mandate_new, name="mandate-new"),
    path("mandats/<int:pk>/", body_views.mandate, name="mandate"),
    path("mandats/<int:pk>/clore/", body_views.mandate_close, name="mandate-close"),
    path("instances/", body_views.body_list, name="bodies"),
    path("instances/nouvelle/", body_views.body_new, name="body-new"),
    path("instances/<int:pk>/", body_views.body, name="body"),
    path("instances/<int:pk>/modifier/", body_views.body_change, name="body-change"),
    path("instances/<int:pk>/fermer/", body_views.body_close, name="body-close"),
    path("fonctions/nouvelle/", body_views.office_new, name="office-new"),
    path("fonctions/<int:pk>/terminer/", body_views.office_end, name="office-end"),
    path("instances/<int:pk>/seance/", session_views.session_new, name="session-new"),
    path("seances/<int:pk>/", session_views.session, name="session"),
    path("seances/<int:pk>/deplacer/", session_views.session_move, name="session-move"),
    path("seances/<int:pk>/<slug:code>/", session_views.session_act, name="session-act"),
    path("seances/documents/<int:pk>/", session_views.document, name="document"),
]
