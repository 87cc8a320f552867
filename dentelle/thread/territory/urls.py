from django.urls import path

from dentelle.thread.territory import views

app_name = "territory"
urlpatterns = [
    path("", views.home, name="home"),
    path("choisir/", views.choose, name="choose"),
    path("enregistrer/", views.save, name="save"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/reviser/", views.revise, name="revise"),
    path("<int:pk>/adopter/", views.adopt, name="adopt"),
]
