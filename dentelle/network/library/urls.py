from django.urls import path

from . import views

app_name = "library"
urlpatterns = [
    path("", views.home, name="home"),
    path("ajouter/", views.item_new, name="new"),
    path("parcours/", views.path_page, name="path"),
    path("parcours/ecrire/", views.path_write, name="path-write"),
    path("parcours/<int:pk>/", views.path_tick, name="path-tick"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/modifier/", views.item_change, name="change"),
    path("<int:pk>/a-jour/", views.item_confirm, name="confirm"),
    path("<int:pk>/retirer/", views.item_retire, name="retire"),
    path("<int:pk>/remettre/", views.item_restore, name="restore"),
    path("<int:pk>/fichier/", views.item_file, name="file"),
]
