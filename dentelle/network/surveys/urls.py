from django.urls import path

from . import closing_views, head_views, questionnaire_views, views

app_name = "surveys"
_here = "enquetes-du-reseau/questionnaire/<int:pk>"

urlpatterns = [
    path("enquetes/", views.survey_list, name="list"),
    path("enquetes/<int:pk>/repondre", views.answer, name="answer"),
    path("enquetes/<int:pk>/brouillon", views.draft, name="draft"),
    path("enquetes/<int:pk>/resultats", views.results, name="results"),
    path("enquete/", views.by_link, name="by-link"),
    path("enquete/brouillon", views.draft_by_link, name="draft-by-link"),
    path("enquete/merci", views.thanks, name="thanks"),
    path("enquetes-du-reseau/", head_views.campaign_list, name="campaigns"),
    path("enquetes-du-reseau/prendre/<slug:code>", head_views.take, name="take"),
    path("enquetes-du-reseau/questionnaire/<int:pk>", head_views.questionnaire, name="questionnaire"),
    path("enquetes-du-reseau/questionnaire/nouveau", questionnaire_views.begin, name="begin"),
    path("enquetes-du-reseau/questionnaire/fichier", questionnaire_views.upload, name="upload"),
    path(f"{_here}/apercu", questionnaire_views.preview, name="preview"),
    path(f"{_here}/fichier", questionnaire_views.questionnaire_file, name="file"),
    path(f"{_here}/acte/<slug:code>", questionnaire_views.writing_act, name="writing-act"),
    path(f"{_here}/ecrire", questionnaire_views.write, name="write"),
    path(f"{_here}/ecrire/fichier", questionnaire_views.upload_draft, name="upload-draft"),
    path(f"{_here}/ecrire/presentation", questionnaire_views.present, name="present"),
    path(f"{_here}/ecrire/partie", questionnaire_views.part, name="part-new"),
    path(f"{_here}/ecrire/partie/<slug:code>", questionnaire_views.part, name="part"),
    path(f"{_here}/ecrire/partie/<slug:part_code>/question", questionnaire_views.ask, name="ask-new"),
    path(f"{_here}/ecrire/question/<slug:code>", questionnaire_views.ask, name="ask"),
    path(f"{_here}/ecrire/controle", questionnaire_views.control, name="control-new"),
    path(f"{_here}/ecrire/controle/<int:rank>", questionnaire_views.control, name="control"),
    path("enquetes-du-reseau/<int:pk>", head_views.campaign, name="campaign"),
    path("enquetes-du-reseau/<int:pk>/clore", closing_views.close, name="close"),
    path("enquetes-du-reseau/<int:pk>/rouvrir", closing_views.reopen, name="reopen"),
    path("enquetes-du-reseau/<int:pk>/inviter", head_views.invite, name="invite"),
    path("enquetes-du-reseau/<int:pk>/acte/<slug:code>", head_views.act, name="act"),
    path("enquetes-du-reseau/<int:pk>/reponses.<slug:form>", head_views.export, name="export"),
    path("enquetes-du-reseau/reponse/<int:pk>", head_views.response_page, name="response"),
]
