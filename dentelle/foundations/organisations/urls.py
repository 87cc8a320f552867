from django.urls import path

from . import views

app_name = "organisations"
urlpatterns = [
    path("agir-pour/", views.wear_hat, name="wear"),
]
