from django.urls import path

from . import views

app_name = "takeout"
urlpatterns = [path("", views.export, name="export")]
