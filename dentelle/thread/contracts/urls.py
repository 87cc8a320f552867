from django.urls import path

from . import views

app_name = "contracts"
urlpatterns = [
    path("", views.contract_list, name="list"),
    path("nouveau", views.contract_new, name="new"),
    path("operations/nouvelle", views.operation_new, name="operation-new"),
    path("<int:pk>", views.contract_detail, name="detail"),
    path("<int:pk>/modifier", views.contract_edit, name="edit"),
    path("<int:pk>/<slug:code>", views.contract_act, name="act"),
]
