"""Sessions by the SDK: what they may do, narrower ones, their end; and what callers learn of themselves."""

import os
import unittest

from argus_api.exceptions.http import (
    AccessDeniedException,
    ArgusException,
    AuthenticationFailedException,
    ObjectNotFoundException,
    ValidationErrorException,
)
from argus_api.lib.authentication.v1 import session as sessions
from argus_api.lib.authentication.v1.oauth import oauth_authorize as oauth
from argus_api.lib.authentication.v1.user.user import delete_all_user_sessions
from argus_api.lib.currentuser.v1.customers import get_customers
from argus_api.lib.currentuser.v1.functions import get_functions
from argus_api.lib.currentuser.v1.groups import get_current_user_groups
from argus_api.lib.currentuser.v1.permission.permission import check_permission
from argus_api.lib.currentuser.v1.permissions import get_current_user_permissions
from argus_api.lib.currentuser.v1.user import get_current_user

from support import by_key, by_password, by_token


def narrowed(api, **to):
    """The token of a session that was narrowed from the one of `api`, as the vendor's own calls narrow it."""
    reply = sessions.constrain_session(**to, api_session=api)
    return reply["data"]["credentials"]["requestCredentialsData"]


class Narrowing(unittest.TestCase):
    def test_only_a_session_is_narrowed(self):
        with self.assertRaises(AccessDeniedException):
            sessions.constrain_session(readOnly=True, api_session=by_key())

    def test_a_function_that_is_not_there_is_refused(self):
        with self.assertRaises(ValidationErrorException) as refused:
            sessions.constrain_session(function=["nothing"], api_session=by_password())
        self.assertEqual(refused.exception.parsed_resp["messages"][0]["field"], "function")

    def test_a_narrowed_session_may_do_what_is_left(self):
        narrow = by_token(narrowed(by_password(), function=["viewUsers"]))
        functions = sessions.get_session_functions(api_session=narrow)["data"]
        self.assertEqual([function["name"] for function in functions], ["viewUsers"])
        self.assertTrue(sessions.get_session_customers(api_session=narrow)["count"] > 0)
        self.assertEqual(sessions.check_session_function_permission("viewUsers", api_session=narrow)["responseCode"], 200)
        with self.assertRaises(AccessDeniedException):
            sessions.check_session_function_permission("manageUsers", api_session=narrow)
        with self.assertRaises(ObjectNotFoundException):
            sessions.check_session_function_permission("nothing", api_session=narrow)
        with self.assertRaises(AccessDeniedException):
            oauth.list_oauth2_clients(api_session=narrow)

    def test_a_read_only_session_changes_nothing_and_signs_out(self):
        reader = by_token(narrowed(by_password(), readOnly=True))
        self.assertTrue(sessions.get_session(api_session=reader)["data"]["readOnly"])
        with self.assertRaises(AccessDeniedException):
            delete_all_user_sessions(os.environ["PERSON"], api_session=reader)
        sessions.delete_session(api_session=reader)
        with self.assertRaises(AuthenticationFailedException):
            sessions.get_session(api_session=reader)


class TheEnd(unittest.TestCase):
    def test_a_session_that_is_not_there_is_not_ended(self):
        with self.assertRaises(ObjectNotFoundException):
            sessions.evict_session("0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001", api_session=by_key())

    def test_one_session_is_ended_from_another(self):
        here, there = by_password("PERSON"), by_password("PERSON")
        for api in (here, there):
            sessions.get_session(api_session=api)
        listed = here.get("/authentication/v1/sessions").json()["data"]
        latest = next(one for one in listed if not one["current"])
        sessions.evict_session(latest["id"], api_session=here)
        with self.assertRaises(ArgusException):
            sessions.evict_session(latest["id"], api_session=here)

    def test_an_administrator_ends_all_of_a_user(self):
        person = by_password("PERSON")
        sessions.get_session(api_session=person)
        ended = delete_all_user_sessions(os.environ["PERSON"], api_session=by_key())
        self.assertGreater(ended["data"]["sessionsDeleted"], 0)
        with self.assertRaises(AuthenticationFailedException):
            sessions.get_session(api_session=person)


class CurrentUser(unittest.TestCase):
    def test_without_a_permission_the_question_is_denied(self):
        customer = get_current_user(api_session=by_key())["data"]["customer"]["shortName"]
        with self.assertRaises(AccessDeniedException):
            check_permission("manageUsers", customer, api_session=by_password("PERSON"))
        self.assertEqual(check_permission("manageUsers", customer, api_session=by_key())["responseCode"], 200)

    def test_callers_learn_who_they_are_and_what_they_may_do(self):
        api = by_password("PERSON")
        self.assertEqual(get_current_user(api_session=api)["data"]["userName"], os.environ["PERSON"])
        self.assertEqual(get_current_user_groups(includeAncestors=True, api_session=api)["responseCode"], 200)
        for answer in (
            get_functions(onlyRoles=True, api_session=api),
            get_customers(api_session=api),
            get_current_user_permissions(includeInherited=True, api_session=api),
        ):
            self.assertGreater(answer["count"], 0)


if __name__ == "__main__":
    unittest.main()
