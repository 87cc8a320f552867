from django.urls import path

from . import head_views, views

app_name = "practices"
urlpatterns = [
    path("pratiques/", views.practice_list, name="list"),
    path("pratiques/proches", views.near, name="near"),
    path("pratiques/nouvelle", views.new, name="new"),
    path("pratiques/<int:pk>", views.detail, name="detail"),
    path("pratiques/<int:pk>/modifier", views.edit, name="edit"),
    path("pratiques/<int:pk>/relecture", views.review, name="review"),
    path("pratiques/<int:pk>/essai", views.tried, name="tried"),
    path("pratiques/<int:pk>/acte/<slug:code>", views.act, name="act"),
    path("fiche-pratique/<int:pk>/", views.public_sheet, name="public"),
    path("pratiques/accord", views.by_link, name="by-link"),
    path("pratiques-du-reseau/", head_views.practice_list, name="head-list"),
    path("pratiques-du-reseau/reprise", head_views.take, name="head-import"),
    path("pratiques-du-reseau/reprise/<int:pk>/abandonner", head_views.untake, name="head-untake"),
    path("pratiques-du-reseau/nouvelle", head_views.new, name="head-new"),
    path(
        "pratiques-du-reseau/de-la-reponse/<int:pk>/<slug:code>/<int:time>",
        head_views.from_answer,
        name="head-from-answer",
    ),
    path("pratiques-du-reseau/<int:pk>", head_views.detail, name="head-detail"),
    path("pratiques-du-reseau/<int:pk>/modifier", head_views.edit, name="head-edit"),
    path("pratiques-du-reseau/<int:pk>/relecture", head_views.review, name="head-review"),
    path("pratiques-du-reseau/<int:pk>/acte/<slug:code>", head_views.act, name="head-act"),
]
