from django.urls import path

from . import views

app_name = "mail"
urlpatterns = [
    path("", views.message_list, name="list"),
    path("<uuid:pk>/", views.message_detail, name="detail"),
]
