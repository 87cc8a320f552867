from django.urls import path

from . import exchange_views, operation_views, pooling_views, views

app_name = "contracts"
urlpatterns = [
    path("", views.contract_list, name="list"),
    path("nouveau", views.contract_new, name="new"),
    path("export", views.contract_export, name="export"),
    path("commandes", operation_views.order_list, name="orders"),
    path("operations/", operation_views.operation_list, name="operations"),
    path("operations/nouvelle", operation_views.operation_new, name="operation-new"),
    path("operations/<int:pk>", operation_views.operation_detail, name="operation"),
    path("globalisations/", pooling_views.pooling_list, name="poolings"),
    path("globalisations/nouvelle", pooling_views.pooling_new, name="pooling-new"),
    path("globalisations/<int:pk>", pooling_views.pooling_detail, name="pooling"),
    path("globalisations/<int:pk>/contrat", pooling_views.pooling_add, name="pooling-add"),
    path("globalisations/<int:pk>/accord", pooling_views.pooling_consent, name="pooling-consent"),
    path("<int:pk>", views.contract_detail, name="detail"),
    path("<int:pk>/modifier", views.contract_edit, name="edit"),
    path("<int:pk>/analyse", views.contract_bids, name="bids"),
    path("<int:pk>/reponses", exchange_views.answers, name="answers"),
    path("<int:pk>/liens/<int:link_pk>/fermer", exchange_views.link_close, name="link-close"),
    path("<int:pk>/<slug:code>", views.contract_act, name="act"),
]
