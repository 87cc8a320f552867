from django.urls import path

from . import learning_views, people_views, public_views, stage_views, views

app_name = "tour"
urlpatterns = [
    path("tour/", views.home, name="home"),
    path("tour/nouveau/", views.tour_new, name="tour-new"),
    path("tour/reprendre/", views.take, name="take"),
    path("tour/<int:pk>/", views.tour, name="tour"),
    path("tour/<int:pk>/modifier/", views.tour_change, name="tour-change"),
    path("tour/<int:pk>/etape/", views.stage_new, name="stage-new"),
    path("tour/<int:pk>/synthese/", views.synthesis, name="synthesis"),
    path("tour/<int:pk>/synthese.pdf", views.synthesis_file, name="synthesis-file"),
    path("tour/etapes/<int:pk>/", stage_views.stage, name="stage"),
    path("tour/etapes/<int:pk>/modifier/", stage_views.change, name="stage-change"),
    path("tour/etapes/<int:pk>/programme/", stage_views.programme, name="programme"),
    path("tour/etapes/<int:pk>/inscription/", stage_views.register, name="register"),
    path("tour/etapes/<int:pk>/presences/", people_views.attendance, name="attendance"),
    path("tour/etapes/<int:pk>/venus/", people_views.came, name="came"),
    path("tour/etapes/<int:pk>/inscrits.<slug:form>", people_views.export, name="export"),
    path("tour/etapes/<int:pk>/besoin/", learning_views.need, name="need"),
    path("tour/etapes/<int:pk>/etape.ics", stage_views.event, name="event"),
    path("tour/etapes/<int:pk>/rapport.pdf", stage_views.report, name="report"),
    path("tour/etapes/<int:pk>/acte/<slug:code>/", stage_views.act, name="act"),
    path("tour/besoins/<int:pk>/retirer/", learning_views.need_withdraw, name="need-withdraw"),
    path("tour/constats/<int:pk>/", learning_views.finding, name="finding"),
    path("tour/constats/<int:pk>/fiche/", learning_views.sheet, name="sheet"),
    path("tour/constats/<int:pk>/preoccupation/", learning_views.carry, name="carry"),
    path("tour/constats/<int:pk>/retirer/", learning_views.finding_withdraw, name="finding-withdraw"),
    path("tour/documents/<int:pk>/", stage_views.document, name="document"),
    path("tours/<int:pk>/", public_views.tour, name="public"),
    path("tours/<int:pk>/calendrier.ics", public_views.calendar, name="public-calendar"),
    path("tours/etapes/<int:pk>/", public_views.stage, name="public-stage"),
    path("tours/etapes/<int:pk>/etape.ics", public_views.event, name="public-event"),
    path("tours/etapes/<int:pk>/rapport.pdf", public_views.report, name="public-report"),
    path("tours/documents/<int:pk>/", public_views.document, name="public-document"),
    path("tours/inscription/<str:token>/", public_views.leave, name="leave"),
]
