"""Who may call what: every role and every operation, written down. What is not written down fails.
A caller who may not is refused before anything of what they sent is looked at.
"""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.domain.identity.caller import Role
from app.main import create_app
from tests.api.helpers import refused
from tests.api.tokens import token_of
from tests.support.people import World

MAY = """
no token
| migrant
| | guardian
| | | host
| | | | clerk
| | | | | point_manager
| | | | | | employer
| | | | | | | agency_officer
| | | | | | | | region_operator
| | | | | | | | | auditor
+ + + + + + + + + +  GET    /.well-known/jwks.json
+ + + + + + + + + +  GET    /health/live
+ + + + + + + + + +  GET    /health/ready
+ + + + + + + + + +  POST   /v1/auth/codes
+ + + + + + + + + +  POST   /v1/auth/enrolments
+ + + + + + + + + +  POST   /v1/auth/recoveries
+ + + + + + + + + +  POST   /v1/auth/refresh
. + + + + + + + + +  DELETE /v1/auth/session
+ + + + + + + + + +  POST   /v1/auth/sessions
+ + + + + + + + + +  POST   /v1/auth/staff/sessions
. + + . . . . . . .  POST   /v1/bookings
. + + . . . . . . .  GET    /v1/bookings/{booking_id}
. + + . . . . . . .  GET    /v1/bookings/{booking_id}/advice
. + + . . . . . . .  GET    /v1/bookings/{booking_id}/calendar.ics
. + + . . . . . . .  POST   /v1/bookings/{booking_id}/cancel
. + + . . . . . . .  POST   /v1/bookings/{booking_id}/reschedule
. . . . . . . . . +  GET    /v1/data-use-hidings
. . . . . . . . + .  POST   /v1/data-use-hidings
. + + . . . . . . .  POST   /v1/family-bookings
+ + + + + + + + + +  GET    /v1/free-times
+ + + + + + + + + +  GET    /v1/figures/exchange
. . . . . . . . + +  GET    /v1/exchange/agencies
. . . . . . . . + .  PUT    /v1/exchange/agencies/{organisation_id}
. . . . . . . . + +  GET    /v1/exchange/agreements
. . . . . . . . + .  POST   /v1/exchange/agreements
. . . . . . . . + .  POST   /v1/exchange/agreements/{agreement_id}/revoke
. . . . . . . . + .  POST   /v1/exchange/agreements/{agreement_id}/versions
. . . . . . . . + .  POST   /v1/exchange/agreements/{agreement_id}/versions/{number}/approve
. . . . . . . . + +  GET    /v1/exchange/alarms
. . . . . . . . + .  POST   /v1/exchange/alarms/{alarm_id}/settle
. . . . . . . . . +  GET    /v1/exchange/uses
. . . . . . . . + +  GET    /v1/lawful-requests
. . . . . . . . + .  POST   /v1/lawful-requests
. . . . . . . . + .  POST   /v1/lawful-requests/{request_id}/approve
. . . . . . . . + .  POST   /v1/lawful-requests/{request_id}/decline
. . . . . . . . + +  GET    /v1/staff/{account_id}/deputies
. . . . . . . . + .  DELETE /v1/staff/{account_id}/deputies/{deputy_id}
. . . . . . . . + .  PUT    /v1/staff/{account_id}/deputies/{deputy_id}
. . . . . . . + . .  GET    /v1/workstation
. . . . . . . + . .  GET    /v1/workstation/files
. . . . . . . + . .  POST   /v1/workstation/files/{file_id}/fetch
. . . . . . . + . .  GET    /v1/workstation/lawful-requests
. . . . . . . + . .  POST   /v1/workstation/lawful-requests/{request_id}/answer
. . . . . . . + . .  POST   /v1/workstation/lists
. . . . . . . + . .  POST   /v1/workstation/look-ups
. . . . . . . . + .  GET    /v1/crowded-cells
+ + + + + + + + + +  GET    /v1/figures/hidden-uses
. . . . . . + . . .  GET    /v1/employer/company
. . . . . . + . . .  GET    /v1/employer/vacancies
. . . . . . + . . .  POST   /v1/employer/vacancies
. . . . . . + . . .  GET    /v1/employer/vacancies/{vacancy_id}
. . . . . . + . . .  PUT    /v1/employer/vacancies/{vacancy_id}
. . . . . . + . . .  POST   /v1/employer/vacancies/{vacancy_id}/publish
. . . . . . + . . .  POST   /v1/employer/vacancies/{vacancy_id}/close
. . . . . . + . . .  GET    /v1/employer/vacancies/{vacancy_id}/candidates
. . . . . . + . . .  POST   /v1/employer/cards/{card_id}/request
. . . . . . + . . .  GET    /v1/employer/cards/{card_id}/contact
. . . . . . + . . .  GET    /v1/employer/requests
+ + + + + + + + + +  POST   /v1/companies
. . . . . . . . + .  GET    /v1/companies
. . . . . . . . + .  POST   /v1/companies/{company_id}/approve
. . . . . . . . + .  POST   /v1/companies/{company_id}/refuse
+ + + + + + + + + +  GET    /v1/figures/releases
. . . . + . . . . .  POST   /v1/guardianships/end
. + + . . . . . . .  POST   /v1/holds
. . . + . . . . . .  POST   /v1/host/invitations/confirm
. . . + . . . . . .  POST   /v1/host/invitations/read
. + + . . . . . . .  POST   /v1/itineraries
. + + . . . . . . .  POST   /v1/itineraries/plan
. + + . . . . . . .  POST   /v1/itinerary-offers/{offer_id}/accept
. + + . . . . . . .  POST   /v1/itinerary-offers/{offer_id}/decline
+ + + + + + + + + +  GET    /v1/languages
. + + . . . . . . .  GET    /v1/me
. + + . . . . . . .  PUT    /v1/me/birth-date
. + + . . . . . . .  GET    /v1/me/bookings
. + + . . . . . . .  GET    /v1/me/consents
. + + . . . . . . .  POST   /v1/me/consents
. + + . . . . . . .  GET    /v1/me/consents/history
. + + . . . . . . .  GET    /v1/me/consents/notices
. + + . . . . . . .  POST   /v1/me/consents/refusals
. + + . . . . . . .  GET    /v1/me/consents/{consent_id}/receipt
. + + . . . . . . .  POST   /v1/me/consents/{consent_id}/renew
. + + . . . . . . .  POST   /v1/me/consents/{consent_id}/withdraw
. + + . . . . . . .  GET    /v1/me/contacts
. + + . . . . . . .  PUT    /v1/me/contacts
. + + . . . . . . .  GET    /v1/me/data-uses
. + + . . . . . . .  GET    /v1/me/data-uses/export
. + + . . . . . . .  GET    /v1/me/data-uses/export.csv
. + . . . . . . . .  POST   /v1/me/deliveries/{delivery_id}/received
. + . + + + + + + +  GET    /v1/me/devices
. + . + + + + + + +  POST   /v1/me/devices/sign-out
. + . + + + + + + +  DELETE /v1/me/devices/{sign_in_id}
. + . . . . . . . .  DELETE /v1/me/devices/{sign_in_id}/push-address
. + . . . . . . . .  PUT    /v1/me/devices/{sign_in_id}/push-address
. + + . . . . . . .  GET    /v1/me/documents
. + + . . . . . . .  POST   /v1/me/documents
. + + . . . . . . .  POST   /v1/me/documents/{document_id}/end
. + + . . . . . . .  GET    /v1/me/erasures
. + + . . . . . . .  GET    /v1/me/entries
. + + . . . . . . .  POST   /v1/me/entries
. + + . . . . . . .  DELETE /v1/me/entries/{entry_id}
. + + . . . . . . .  PUT    /v1/me/entries/{entry_id}
. + + . . . . . . .  POST   /v1/me/entries/{entry_id}/exit
. + + . . . . . . .  GET    /v1/me/deletion
. + + . . . . . . .  POST   /v1/me/deletion
. + + . . . . . . .  GET    /v1/me/export
. + . . . . . . . .  GET    /v1/me/family
. + . . . . . . . .  POST   /v1/me/family
. + . . . . . . . .  DELETE /v1/me/family/{link_id}
. + . . . . . . . .  POST   /v1/me/family/{link_id}/confirm
. + + . . . . . . .  GET    /v1/me/itinerary
. + + . . . . . . .  DELETE /v1/me/home
. + + . . . . . . .  GET    /v1/me/home
. + + . . . . . . .  PUT    /v1/me/home
. + + . . . . . . .  GET    /v1/me/inbox
. + + . . . . . . .  POST   /v1/me/inbox/{item_id}/read
. + + . . . . . . .  GET    /v1/me/inbox/{message_id}
. + + . . . . . . .  PUT    /v1/me/languages
. + + . . . . . . .  GET    /v1/me/location-choices
. + + . . . . . . .  PUT    /v1/me/location-choices
. + + . . . . . . .  DELETE /v1/me/locations
. + + . . . . . . .  GET    /v1/me/locations
. + + . . . . . . .  POST   /v1/me/locations
. + + . . . . . . .  DELETE /v1/me/locations/{sample_id}
. + + . . . . . . .  GET    /v1/me/work-profile
. + + . . . . . . .  PUT    /v1/me/work-profile
. + + . . . . . . .  DELETE /v1/me/work-profile
. + + . . . . . . .  GET    /v1/me/matched-vacancies
. + + . . . . . . .  GET    /v1/me/employer-requests
. + + . . . . . . .  GET    /v1/me/employer-requests/{request_id}
. + + . . . . . . .  POST   /v1/me/employer-requests/{request_id}/accept
. + + . . . . . . .  POST   /v1/me/employer-requests/{request_id}/decline
. + + . . . . . . .  GET    /v1/me/merges
. + + . . . . . . .  POST   /v1/me/merges
. + + . . . . . . .  POST   /v1/me/merges/{case_id}/accept
. + + . . . . . . .  POST   /v1/me/merges/{case_id}/reject
. + + . . . . . . .  GET    /v1/me/names
. + + . . . . . . .  PUT    /v1/me/names/{source}
. + . + . . . . . .  GET    /v1/me/number
. + . + . . . . . .  POST   /v1/me/number
. + . + . . . . . .  DELETE /v1/me/number/change
. + . + . . . . . .  POST   /v1/me/number/codes
. + + . . . . . . .  GET    /v1/me/numbers
. + + . . . . . . .  PUT    /v1/me/numbers/{kind}
. + + . . . . . . .  GET    /v1/me/offers
. + + . . . . . . .  POST   /v1/me/offers/{offer_id}/accept
. + + . . . . . . .  POST   /v1/me/offers/{offer_id}/decline
. + + . . . . . . .  POST   /v1/me/passport
. + + . . . . . . .  GET    /v1/me/pathway
. + + . . . . . . .  GET    /v1/me/pathway/invitations
. + + . . . . . . .  POST   /v1/me/pathway/invitations/{invitation_id}/withdraw
. + + . . . . . . .  POST   /v1/me/pathway/steps/{code}/done
. + + . . . . . . .  POST   /v1/me/pathway/steps/{code}/invitations
. + + . . . . . . .  POST   /v1/me/pathway/steps/{code}/take-back
. + + . . . . . . .  GET    /v1/me/tickets
. + + . . . . . . .  GET    /v1/me/tickets/{ticket_id}
. + + . . . . . . .  GET    /v1/me/tickets/{ticket_id}/events
. + + . . . . . . .  POST   /v1/me/tickets/{ticket_id}/leave
. + + . . . . . . .  POST   /v1/me/tickets/{ticket_id}/priority
. + + . . . . . . .  GET    /v1/me/tickets/{ticket_id}/wait
. + + . . . . . . .  GET    /v1/me/reminder-preferences
. + + . . . . . . .  PUT    /v1/me/reminder-preferences
. + + . . . . . . .  GET    /v1/me/stored-documents
. + + . . . . . . .  POST   /v1/me/stored-documents
. + + . . . . . . .  DELETE /v1/me/stored-documents/{document_id}
. + + . . . . . . .  GET    /v1/me/stored-documents/{document_id}
. + + . . . . . . .  GET    /v1/me/stored-documents/{document_id}/files/{page}
. + + . . . . . . .  GET    /v1/me/stored-documents/{document_id}/files/{page}/preview
. + + . . . . . . .  POST   /v1/me/stored-documents/{document_id}/shares
. + + . . . . . . .  DELETE /v1/me/stored-documents/{document_id}/shares/{booking_id}
. + + . . . . . . .  POST   /v1/me/stored-documents/{document_id}/versions
. + + . . . . . . .  POST   /v1/me/stored-documents/{document_id}/zone
+ + + + + + + + + +  OPTIONS /v1/me/uploads
. + + . . . . . . .  POST   /v1/me/uploads
. + + . . . . . . .  DELETE /v1/me/uploads/{upload_id}
. + + . . . . . . .  HEAD   /v1/me/uploads/{upload_id}
. + + . . . . . . .  PATCH  /v1/me/uploads/{upload_id}
. + . . . . . . . .  POST   /v1/me/wards
. + . . . . . . . .  POST   /v1/me/wards/{person_id}/tokens
. . . . + . . . . .  POST   /v1/merges/{code}/decision
. . . . . . . . + .  GET    /v1/organisations
. . . . . . . . + .  POST   /v1/organisations
+ + + + + + + + + +  GET    /v1/points
+ + + + + + + + + +  GET    /v1/points/{point_id}
. . . . . + . . + .  PUT    /v1/points/{point_id}/about
. . . . + + . . + .  POST   /v1/points/{point_id}/closures
+ + + + + + + + + +  GET    /v1/points/{point_id}/board
+ + + + + + + + + +  GET    /v1/points/{point_id}/board/events
. . . . . + . . + .  GET    /v1/points/{point_id}/counters
. . . . . + . . + .  PUT    /v1/points/{point_id}/counters/{code}
+ + + + + + + + + +  GET    /v1/points/{point_id}/days/{day}
. . . . . + . . + .  GET    /v1/points/{point_id}/plan
. . . . . + . . + .  PUT    /v1/points/{point_id}/plan
+ + + + + + + + + +  POST   /v1/points/{point_id}/tickets
. . . . . + . . + .  GET    /v1/points/{point_id}/to-be-moved
+ + + + + + + + + +  GET    /v1/points/{point_id}/waits
. . . . . . . . + .  GET    /v1/registry/alarms
. . . . . . . . + .  POST   /v1/registry/alarms/{alarm_id}/settle
. . . . . . . . + .  GET    /v1/registry/dead-letters
. . . . . . . . + .  POST   /v1/registry/dead-letters/{letter_id}/put-back
. . . . . . . . + .  GET    /v1/registry/standing
. . . . . . . . + .  POST   /v1/region/baselines
. . . . . . . . + .  GET    /v1/region/bottlenecks
. . . . . . . . + .  GET    /v1/region/cells
. . . . . . . . + .  GET    /v1/region/deadlines
. . . . . . . . + .  GET    /v1/region/finish-times
. . . . . . . . + .  GET    /v1/region/flows
. . . . . . . . + .  GET    /v1/region/funnel
. . . . . . . . + .  GET    /v1/region/kpis
. . . . . . . . + .  GET    /v1/region/labour-supply
. . . . . . . . + .  GET    /v1/region/load
. . . . . . . . + .  GET    /v1/region/places
+ + + + + + + + + +  GET    /v1/registry/{code}/jwks.json
. . . . + + . . . .  GET    /v1/queue
. . . . + . . . . .  POST   /v1/queue/counters/{counter_id}/call
. . . . + + . . . .  POST   /v1/queue/counters/{counter_id}/close
. . . . + . . . . .  POST   /v1/queue/counters/{counter_id}/open
. . . . + + . . . .  GET    /v1/queue/events
. . . . + + . . . .  GET    /v1/queue/hall-code
. . . . + . . . . .  POST   /v1/queue/tickets
. . . . + . . . . .  GET    /v1/queue/tickets/{ticket_id}
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/back
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/finish
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/leave
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/no-show
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/priority
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/recall
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/serve
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/skip
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/transfer
. . . . + . . . . .  POST   /v1/queue/tickets/{ticket_id}/undo
+ + + + + + + + + +  POST   /v1/receipts/verify
. . . . + . . . . .  POST   /v1/recoveries
+ + + + + + + + + +  GET    /v1/services
. . . . . + . . + .  GET    /v1/staff
. . . . . + . . + .  POST   /v1/staff
. . . . . + . . + .  POST   /v1/staff/{account_id}/disable
. . . . . + . . + .  POST   /v1/staff/{account_id}/invitation
. . . . + . . . . .  GET    /v1/visits
. . . . + . . . . .  POST   /v1/visits/check-ins
. . . . + . . . . .  GET    /v1/visits/{booking_id}/documents
. . . . + . . . . .  GET    /v1/visits/{booking_id}/documents/{document_id}/files/{page}
. . . . + . . . . .  GET    /v1/visits/{booking_id}/documents/{document_id}/files/{page}/preview
. . . . + . . . . .  POST   /v1/visits/{booking_id}/no-show
. . . . + . . . . .  POST   /v1/visits/{booking_id}/outcome
. . . . + . . . . .  POST   /v1/visits/{booking_id}/undo
. + + . . . . . . .  GET    /v1/bookings/{booking_id}/rating
. + + . . . . . . .  PUT    /v1/bookings/{booking_id}/rating
. + + . . . . . . .  GET    /v1/me/complaints
. + + . . . . . . .  POST   /v1/me/complaints
. + + . . . . . . .  GET    /v1/me/complaints/{complaint_id}
. . . . . . . . + .  GET    /v1/complaints
. . . . . . . . + .  GET    /v1/complaints/{complaint_id}
. . . . . . . . + .  POST   /v1/complaints/{complaint_id}/answer
. . . . . . . . + .  POST   /v1/complaints/{complaint_id}/take
+ + + + + + + + + +  GET    /v1/labour-help
. . . . . . . . + .  GET    /v1/points/{point_id}/comments
. . . . . . . . + .  GET    /v1/points/{point_id}/ratings
. + + . . . . . . .  POST   /v1/waitlist
. + + . . . . . . .  POST   /v1/waitlist/{booking_id}/leave
+ + + + + + + + + +  GET    /v1/work-terms
"""
WITHOUT_TOKEN = "no token"
_ROWS = MAY.strip().splitlines()
COLUMNS = [line.strip("| ") for line in _ROWS[:10]]
TABLE = {
    operation.replace("  ", " ").strip(): {c for c, mark in zip(COLUMNS, marks.split(), strict=True) if mark == "+"}
    for marks, operation in ((" ".join(line[:19].split()), " ".join(line[19:].split())) for line in _ROWS[10:])
}
_VALUES = {"day": "2026-09-10", "code": "insurance", "item_id": "1", "page": "1", "number": "1"}
LAST = "DELETE /v1/auth/session"
"""It ends the sign-in that the others are called with."""


def _documented(world: World) -> dict[str, set[str]]:
    document: dict[str, Any] = create_app(world.runtime).openapi()
    return {
        f"{method.upper()} {path}": set(operation["x-callers"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def test_the_table_has_every_operation_and_every_role(world: World) -> None:
    assert set(COLUMNS) == {WITHOUT_TOKEN, *Role}
    assert sorted(TABLE) == sorted(_documented(world))


def test_the_document_says_what_the_table_says(world: World) -> None:
    said = {
        operation: set(COLUMNS) if callers == {"anyone"} else callers
        for operation, callers in _documented(world).items()
    }
    assert said == TABLE


@pytest.mark.parametrize("column", COLUMNS)
async def test_each_operation_serves_whom_the_table_says_and_nobody_else(world: World, column: str) -> None:
    headers = {} if column == WITHOUT_TOKEN else {"Authorization": f"Bearer {await token_of(world, Role(column))}"}
    for operation in sorted(TABLE, key=lambda operation: operation == LAST):
        method, path = operation.split()
        for body in (None, {"nothing": "fits"}) if method in {"POST", "PUT"} else (None,):
            answer = await world.client.request(method, _real(path), headers=headers, json=body)
            status, code = (401, "not_signed_in") if column == WITHOUT_TOKEN else (403, "not_allowed")
            if column in TABLE[operation]:
                assert not _turned_away(answer), (operation, answer.text)
            elif method == "HEAD":
                assert answer.status_code == status, path
            else:
                assert set(refused(answer, status, code)) == {"type", "title", "status", "code", "request_id"}, path


def _turned_away(answer: httpx.Response) -> bool:
    bodiless = answer.request.method == "HEAD"
    return answer.status_code in {401, 403} and (bodiless or answer.json()["code"] in {"not_signed_in", "not_allowed"})


def _real(path: str) -> str:
    """The path of something that could be there."""
    return re.sub(r"\{(\w+)\}", lambda name: _VALUES.get(name[1], str(uuid4())), path)
