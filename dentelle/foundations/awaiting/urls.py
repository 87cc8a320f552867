from django.urls import path

from . import views

app_name = "awaiting"
urlpatterns = [
    path("remettre/", views.snooze, name="snooze"),
    path("<int:pk>/reprendre/", views.resume, name="resume"),
]
