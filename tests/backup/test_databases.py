"""PostgreSQL's own tools reach the database the site uses, and no other."""

from psycopg.conninfo import conninfo_to_dict

from dentelle.foundations.backup.databases import connection_of


def settings(**more):
    return {"NAME": "dentelle", "USER": "nadia", "PASSWORD": "s3cret", "HOST": "", "PORT": "", "OPTIONS": {}} | more


def test_what_stands_after_the_question_mark_of_the_address_counts():
    target, _ = connection_of(settings(OPTIONS={"host": "/run/other", "port": 5499, "sslmode": "verify-full"}))
    told = conninfo_to_dict(target)
    assert (told["host"], str(told["port"]), told["sslmode"]) == ("/run/other", "5499", "verify-full")
    assert (told["dbname"], told["user"]) == ("dentelle", "nadia")


def test_the_password_is_not_among_the_words_of_the_command():
    for given in (settings(), settings(PASSWORD="", OPTIONS={"password": "s3cret"})):
        target, password = connection_of(given)
        assert password == "s3cret"
        assert "s3cret" not in target


def test_options_of_django_alone_are_left_out():
    assert "pool" not in conninfo_to_dict(connection_of(settings(OPTIONS={"pool": True}))[0])
