"""Every operation is tried with what its document allows and with what it forbids; answers keep to the document.

Examples are drawn from a fixed seed and each is undone: the same requests on the same data every time.
"""

import json

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dentelle.thread.contracts.actions import create_operation
from dentelle.thread.contracts.models import Contract
from dentelle.web.api.schema import openapi
from tests.api.calling import program
from tests.clauses.making import saved
from tests.contracts import making
from tests.factories import NOW

# What is sent well may still be refused by a rule of the trade (the key of a SIRET, a name already taken): acceptance of
# whatever fits the document is the one promise the document does not make.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 15
DOCUMENT = json.loads(json.dumps(openapi()))
for _item in DOCUMENT["paths"].values():
    for _operation in _item.values():
        del _operation["security"]  # every request bears a token here; test_wall.py is about those that do not
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture
def bearer(manager):
    return program(manager)


@pytest.fixture
def things(manager):
    """One of each, so that addresses of things lead somewhere."""
    contract = making.running(manager)
    return {
        "organisations": contract.buyer_id,
        "operations": create_operation(manager, name="Écoles", programme="none", at=NOW).pk,
        "contracts": contract.pk,
        "obligations": contract.obligations.get().pk,
        "calibrations": saved(manager).pk,
    }


@pytest.fixture(autouse=True)
def _keeping_the_connection():
    """Both ends of a request close the connection, which here is that of the test (Django's test client does the same)."""
    for end in (request_started, request_finished):
        end.disconnect(close_old_connections)
    yield
    for end in (request_started, request_finished):
        end.connect(close_old_connections)


def pointed(case, things):
    """The same request on a thing that exists, on its present version."""
    kind = case.operation.path.split("/")[3]
    case.path_parameters["pk"] = things[kind]
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = f'"{Contract.objects.get(pk=things["contracts"]).revision}"'


def walk(operation, mode, checks, things, bearer):
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def tried(case, real):
        cache.clear()  # requests of a token are counted
        with transaction.atomic():
            if real and case.path_parameters and mode is GenerationMode.POSITIVE:
                pointed(case, things)
            response = case.call(app=APPLICATION, headers={"Authorization": f"Bearer {bearer.secret}"})
            transaction.set_rollback(True)
        case.validate_response(response, checks=checks)

    tried()


APPLICATION = get_wsgi_application()


@pytest.mark.parametrize("code", OPERATIONS)
def test_what_the_document_allows_is_answered_as_it_says(code, things, bearer):
    walk(OPERATIONS[code], GenerationMode.POSITIVE, CHECKS, things, bearer)


@pytest.mark.parametrize("code", OPERATIONS)
def test_what_the_document_forbids_is_refused_as_it_says(code, things, bearer):
    walk(OPERATIONS[code], GenerationMode.NEGATIVE, [*CHECKS, negative_data_rejection], things, bearer)
