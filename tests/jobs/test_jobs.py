import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.jobs import actions
from dentelle.foundations.jobs.context import JobCancelled, JobContext
from dentelle.foundations.jobs.models import Job, JobState
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Membership
from tests.factories import NOW
from tests.jobs import sample_tasks  # noqa: F401 (declares the sample jobs)


def ask(membership, kind="sample.count", **arguments):
    return actions.start_job(kind, actor=membership.user, structure=membership.structure, at=NOW, **arguments)


def acts_on(job):
    return list(Entry.objects.filter(object_id=str(job.pk)).order_by("id").values_list("act", flat=True))


def running(membership, **fields):
    job = ask(membership, up_to=3)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, started_at=NOW, **{"heartbeat_at": NOW, **fields})
    DBTaskResult.objects.filter(pk=job.task_id).update(status="RUNNING")
    job.refresh_from_db()
    return job


def test_a_job_runs_reports_and_leaves_its_file(facilitator, run_jobs):
    job = ask(facilitator, up_to=3)
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.step, job.error) == (JobState.DONE, "Écrire", "")
    assert job.report["figures"] == [{"label": "Comptés", "value": 3}]
    [stored] = job.files.all()
    assert (stored.name, stored.size, stored.structure) == ("résultat.csv", 9, facilitator.structure)
    assert acts_on(job) == ["job.started", "job.done"]


def test_nothing_is_queued_when_the_asking_transaction_fails(facilitator):
    @transaction.atomic
    def asking_then_failing():
        ask(facilitator, up_to=3)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asking_then_failing()
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_an_unknown_kind_is_refused_and_names_the_known_ones(facilitator):
    with pytest.raises(KeyError, match=r"sample\.count"):
        ask(facilitator, "sample.unknown")


def test_a_refusal_shows_its_own_sentence(facilitator, run_jobs):
    job = ask(facilitator, "sample.refuse")
    run_jobs()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error == "Le fichier n’a pas de colonne « Durée » : ajoutez-la, puis relancez."


def test_a_breakdown_tells_the_step_and_hides_the_detail(facilitator, run_jobs):
    job = ask(facilitator, "sample.break")
    run_jobs()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "« Lecture »" in job.error
    assert str(job.pk) in job.error
    assert "secret detail" not in job.error
    assert "ZeroDivisionError" in DBTaskResult.objects.get(pk=job.task_id).traceback


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(facilitator, run_jobs):
    job = ask(facilitator, up_to=3)
    assert actions.cancel_job(job, actor=facilitator.user, at=NOW)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.started_at, job.files.count()) == (JobState.CANCELLED, None, 0)
    assert acts_on(job) == ["job.started", "job.cancelled"]


def test_a_running_job_hears_that_it_must_stop(facilitator):
    job = running(facilitator)
    context = JobContext(job, now=lambda: NOW)
    context.progress(step="Compter", done=1, safe="1 compté.")
    actions.cancel_job(job, actor=facilitator.user, at=NOW)
    assert context.cancelled()
    with pytest.raises(JobCancelled):
        context.progress(step="Écrire")
    job.refresh_from_db()
    assert job.safe_so_far == "1 compté."


def test_cancelling_twice_is_one_act_and_a_finished_job_cannot_be_cancelled(facilitator, run_jobs):
    job = running(facilitator)
    assert actions.cancel_job(job, actor=facilitator.user, at=NOW)
    assert actions.cancel_job(job, actor=facilitator.user, at=NOW)
    assert acts_on(job) == ["job.started", "job.cancel_requested"]
    other = ask(facilitator, "sample.refuse")
    run_jobs()
    assert not actions.cancel_job(other, actor=facilitator.user, at=NOW)


def test_progress_writes_at_most_twice_a_second(facilitator, assert_max_queries):
    job = running(facilitator)
    ticks = iter(number / 100 for number in range(1000))
    context = JobContext(job, now=lambda: NOW, monotonic=lambda: next(ticks))
    with assert_max_queries(4):  # one write and one look at the start, one of each after half a second
        for number in range(60):
            context.progress(step="Compter", done=number, total=60)
    context.flush()
    job.refresh_from_db()
    assert (job.step, job.done, job.total) == ("Compter", 59, 60)


def test_a_new_step_is_written_at_once_and_starts_its_own_count(facilitator):
    job = running(facilitator)
    context = JobContext(job, now=lambda: NOW, monotonic=lambda: 0.0)
    context.progress(step="Compter", done=5, total=10)
    context.progress(step="Écrire")
    job.refresh_from_db()
    assert (job.step, job.done, job.total) == ("Écrire", 0, None)


def test_a_job_whose_worker_died_is_given_up_once_and_can_be_asked_again(facilitator, run_jobs):
    job = running(facilitator, step="Compter", safe_so_far="2 comptés.", heartbeat_at=NOW - timedelta(minutes=3))
    assert actions.give_up_dead_jobs(NOW) == 1
    assert actions.give_up_dead_jobs(NOW) == 0
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "« Compter »" in job.error
    assert "2 comptés." in job.error
    assert DBTaskResult.objects.get(pk=job.task_id).status == "FAILED"
    again = actions.retry_job(job, actor=facilitator.user, at=NOW)
    run_jobs()
    again.refresh_from_db()
    assert (again.state, again.arguments) == (JobState.DONE, {"up_to": 3})


def test_a_job_that_died_before_its_first_step_says_so_without_naming_a_step(facilitator):
    job = running(facilitator, step="", heartbeat_at=NOW - timedelta(minutes=3))
    actions.give_up_dead_jobs(NOW)
    job.refresh_from_db()
    assert "s’est arrêté brusquement, avant sa première étape. Vous pouvez" in job.error


def test_a_job_that_still_beats_is_left_alone(facilitator):
    running(facilitator, heartbeat_at=NOW - timedelta(minutes=1))
    assert actions.give_up_dead_jobs(NOW) == 0


def test_a_worker_that_was_only_slow_cannot_revive_a_job_given_up(facilitator):
    job = running(facilitator, heartbeat_at=NOW - timedelta(minutes=3))
    actions.give_up_dead_jobs(NOW)
    with pytest.raises(JobCancelled):
        JobContext(job, now=lambda: NOW).progress(step="Écrire")
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_the_page_shows_steps_report_and_download_without_script(facilitator, client_of, run_jobs):
    job = ask(facilitator, up_to=3)
    client = client_of(facilitator)
    waiting = client.get(f"/travaux/{job.pk}/").content.decode()
    assert "en attente" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Actualiser" in waiting
    run_jobs()
    page = client.get(f"/travaux/{job.pk}/").content.decode()
    assert "hx-trigger" not in page
    assert "Le compte est bon." in page
    assert "durée illisible" in page
    assert "Et 2 autres" in page
    stored = StoredFile.objects.get()
    assert f"/fichiers/{stored.pk}/" in page
    answer = client.get(f"/fichiers/{stored.pk}/")
    assert BytesIO(b"".join(answer)).read() == b"nombre\n3\n"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_polling_stops_when_the_job_has_ended(facilitator, client_of, run_jobs):
    job = ask(facilitator, up_to=1)
    client = client_of(facilitator)
    assert client.get(f"/travaux/{job.pk}/avancement/").status_code == 200
    run_jobs()
    assert client.get(f"/travaux/{job.pk}/avancement/").status_code == 286


def test_a_running_job_shows_its_progress_and_what_is_safe(facilitator, client_of):
    job = running(facilitator, step="Compter", done=1500, total=3000, safe_so_far="1 500 comptés.")
    page = client_of(facilitator).get(f"/travaux/{job.pk}/").content.decode()
    assert '<progress id="avancement" max="100" value="50">' in page
    assert "1 500 comptés." in page
    assert 'aria-current="step"' in page


def test_cancel_and_retry_go_through_the_page(facilitator, client_of, run_jobs):
    job = ask(facilitator, up_to=2)
    client = client_of(facilitator)
    client.post(f"/travaux/{job.pk}/annuler/")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    answer = client.post(f"/travaux/{job.pk}/relancer/")
    again = Job.objects.exclude(pk=job.pk).get()
    assert answer["Location"] == f"/travaux/{again.pk}/"


def test_somebody_whose_role_was_lowered_does_not_ask_again_what_the_role_may_not_ask(facilitator, client_of):
    job = ask(facilitator, up_to=2)
    Job.objects.filter(pk=job.pk).update(kind="purchases.import", state=JobState.FAILED, finished_at=NOW)
    address, button = f"/travaux/{job.pk}/relancer/", "Relancer"
    assert button in client_of(facilitator).get(f"/travaux/{job.pk}/").content.decode()
    Membership.objects.filter(pk=facilitator.pk).update(role="reader")
    assert button not in client_of(facilitator).get(f"/travaux/{job.pk}/").content.decode()
    assert client_of(facilitator).post(address).status_code == 404
    assert Job.objects.get() == job
    Membership.objects.filter(pk=facilitator.pk).update(role="facilitator")
    assert client_of(facilitator).post(address).status_code == 302


def test_only_the_asker_and_the_manager_may_cancel(facilitator, reader, manager, outsider, client_of):
    job = ask(facilitator, up_to=2)
    address = f"/travaux/{job.pk}/annuler/"
    assert client_of(reader).post(address).status_code == 404
    assert client_of(outsider).post(address).status_code == 404
    assert client_of(reader).get(f"/travaux/{job.pk}/").status_code == 200
    assert client_of(outsider).get(f"/travaux/{job.pk}/").status_code == 404
    assert client_of(manager).post(address).status_code == 302


def test_the_list_is_empty_then_holds_my_structure_s_work_only(facilitator, outsider, client_of):
    assert "data-empty-state" in client_of(facilitator).get("/travaux/").content.decode()
    ask(outsider, up_to=1)
    assert "data-empty-state" in client_of(facilitator).get("/travaux/").content.decode()
    ask(facilitator, up_to=1)
    assert "Compter" in client_of(facilitator).get("/travaux/").content.decode()


def test_the_list_makes_the_same_number_of_queries_whatever_its_length(facilitator, client_of, assert_max_queries):
    for _ in range(12):
        ask(facilitator, up_to=1)
    client = client_of(facilitator)
    with assert_max_queries(8):
        client.get("/travaux/")


def test_the_menu_leads_to_jobs_and_counts_those_that_run(facilitator, outsider, client_of, run_jobs):
    client = client_of(facilitator)
    assert 'href="/travaux/"' in client.get("/travaux/").content.decode()
    assert "menu-count" not in client.get("/travaux/").content.decode()
    ask(facilitator, up_to=1)
    assert re.search(r'class="menu-count">\s*&#8239;1<', client.get("/travaux/").content.decode())
    assert "menu-count" not in client_of(outsider).get("/travaux/").content.decode()
    run_jobs()
    assert "menu-count" not in client.get("/travaux/").content.decode()
