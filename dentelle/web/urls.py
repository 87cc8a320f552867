from django.urls import path

from dentelle.web.home import views as home

urlpatterns = [path("", home.home, name="home")]
