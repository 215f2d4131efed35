"""Signing in by the SDK: passwords, API keys, blocking, and what is told of it. Refusals come before what is allowed."""

import os
import time
import unittest

from argus_api.authentication import PasswordAuthentication
from argus_api.exceptions.client import ArgusAPIAuthenticationError
from argus_api.exceptions.http import (
    AccessDeniedException,
    ArgusException,
    AuthenticationFailedException,
    ObjectNotFoundException,
    ValidationErrorException,
)
from argus_api.lib.authentication.v1 import apikey, client, events, methods, password
from argus_api.lib.authentication.v1.customer import customer_events
from argus_api.lib.authentication.v1.oauth import oauth_authorize as oauth
from argus_api.lib.authentication.v1.session import delete_session, get_session
from argus_api.lib.authentication.v1.user import user as users

from support import by_key, by_password, by_token, session


class PasswordSessions(unittest.TestCase):
    def test_a_wrong_password_is_refused(self):
        with self.assertRaises(ArgusAPIAuthenticationError) as refused:
            by_password(password="not the password").authenticate()
        self.assertEqual(refused.exception.response.status_code, 401)

    def test_an_unknown_user_is_refused_with_the_same_words(self):
        with self.assertRaises(ArgusAPIAuthenticationError) as wrong:
            by_password(password="not the password").authenticate()
        with self.assertRaises(ArgusAPIAuthenticationError) as unknown:
            session(PasswordAuthentication("nobody-of-this-name", "not the password")).authenticate()
        self.assertEqual(unknown.exception.message, wrong.exception.message)

    def test_a_session_ends_with_sign_out(self):
        api = by_password()
        get_session(api_session=api)
        delete_session(api_session=api)
        with self.assertRaises(AuthenticationFailedException):
            oauth.list_oauth2_clients(api_session=api)

    def test_the_token_of_a_session_is_a_bearer_too(self):
        api = by_password()
        api.authenticate()
        listed = oauth.list_oauth2_clients(api_session=by_token(api.auth.session_token))
        self.assertEqual(listed["responseCode"], 200)


class ApiKeys(unittest.TestCase):
    def test_an_unknown_key_is_refused(self):
        with self.assertRaises(AuthenticationFailedException):
            oauth.list_oauth2_clients(api_session=by_key("1ab/2c/none"))

    def test_a_key_authenticates_every_call(self):
        api = by_key()
        api.authenticate(check=True)
        self.assertEqual(oauth.list_oauth2_clients(api_session=api)["responseCode"], 200)


    def test_keys_without_sources_or_an_end_are_refused(self):
        for wish in (
            {"source": {"provider": "disabled"}},
            {"validSources": ["127.0.0.1"], "disableExpiration": True},
            {"validSources": ["127.0.0.1"], "disableSourceRestriction": True},
        ):
            with self.assertRaises(ValidationErrorException):
                apikey.initiate_api_key("by the SDK", **wish, api_session=by_password())

    def test_a_key_is_issued_renewed_and_revoked(self):
        api = by_password()
        source = {"provider": "staticIP", "staticOptions": {"ipAddresses": ["127.0.0.0/8", "::1"]}}
        issued = apikey.initiate_api_key("by the SDK", source=source, expirationDays=2, api_session=api)["data"]
        prefix = issued["keyDescriptor"]["prefix"]
        self.assertTrue(issued["apiKeyString"].startswith(prefix + "/"))
        mine = by_key(issued["apiKeyString"])
        self.assertIn(prefix, [key["prefix"] for key in apikey.list_api_keys(api_session=mine)["data"]["keys"]])
        renewed = apikey.renew_api_key_by_prefix(prefix, expirationDays=30, api_session=api)["data"]["renewedKey"]
        self.assertGreater(renewed["validUntil"], issued["keyDescriptor"]["validUntil"])
        apikey.revoke_api_key_by_prefix(prefix, api_session=api)
        with self.assertRaises(AuthenticationFailedException):
            apikey.list_api_keys(api_session=mine)
        with self.assertRaises(ObjectNotFoundException):
            apikey.renew_api_key_by_prefix(prefix, api_session=api)

    def test_a_narrowed_key_is_narrow(self):
        api, name = by_password(), os.environ["PERSON"]
        wish = {"validSources": ["127.0.0.0/8", "::1"], "sessionConstraints": {"readOnly": True}}
        reader = by_key(apikey.initiate_api_key("reads", **wish, api_session=api)["data"]["apiKeyString"])
        self.assertFalse(users.get_user_authentication_status(name, api_session=reader)["data"]["blocked"])
        with self.assertRaises(AccessDeniedException):
            users.unblock_user(name, api_session=reader)

    def test_an_administrator_handles_the_keys_of_a_user(self):
        api, name = by_password(), os.environ["PERSON"]
        sources = ["127.0.0.0/8", "::1"]
        with self.assertRaises(AccessDeniedException):
            users.list_user_api_keys(name, api_session=by_password("PERSON"))
        issued = users.initiate_user_api_key(name, "script", validSources=sources, api_session=api)["data"]
        prefix = issued["keyDescriptor"]["prefix"]
        listed = users.list_user_api_keys(name, api_session=api)["data"]["keys"]
        self.assertIn(prefix, [key["prefix"] for key in listed])
        users.renew_user_api_key_by_prefix(name, prefix, expirationDays=5, api_session=api)
        revoked = users.revoke_user_api_key_by_prefix(name, prefix, api_session=api)["data"]["revokedKey"]
        self.assertEqual(revoked["prefix"], prefix)


class SigningIn(unittest.TestCase):
    def test_what_anybody_may_know(self):
        info = client.get_unauthenticated_client_info(api_session=by_key())["data"]
        self.assertIn(info["clientIP"], ("127.0.0.1", "::1"))
        self.assertIn("PASSWORD", methods.get_methods(api_session=by_key())["data"])

    def test_nobody_blocks_themselves(self):
        with self.assertRaises(ValidationErrorException):
            users.block_user(os.environ["ADMINISTRATOR"], api_session=by_key())

    def test_a_user_is_not_blocked_and_signs_in_with_a_password(self):
        api, name = by_password(), os.environ["PERSON"]
        by_password("PERSON").authenticate()
        self.assertEqual(
            users.get_user_authentication_status(name, api_session=api)["data"],
            {"blocked": False, "forcePasswordChange": False},
        )
        self.assertEqual(users.unblock_user(name, api_session=api, json=False).status_code, 220)
        ways = users.get_user_methods(name, api_session=api)["data"]
        self.assertTrue({way["method"]: way["initialized"] for way in ways}["PASSWORD"])

    def test_who_signed_in_is_told(self):
        api = by_password()
        with self.assertRaises(AccessDeniedException):
            customer_events.get_customer_authentication_events(api_session=by_password("PERSON"))
        for _ in range(50):
            own = events.get_current_user_authentication_events(limit=5, api_session=api)
            if own["data"]:
                break
            time.sleep(0.1)
        self.assertEqual((own["data"][0]["action"], own["data"][0]["result"]), ("login", "success"))
        self.assertGreaterEqual(own["count"], own["size"])
        for listed in (
            users.get_user_authentication_events(os.environ["ADMINISTRATOR"], api_session=api),
            customer_events.get_customer_authentication_events(api_session=api),
        ):
            self.assertGreater(listed["count"], 0)

    def test_a_password_is_tested_and_not_changed_without_the_present_one(self):
        api = by_password()
        self.assertEqual(password.test_user_password("a fjord under the northern wind", api_session=api)["data"]["state"], "ok")
        with self.assertRaises(ArgusException) as refused:
            password.change_current_user_password(
                "a fjord under the northern wind", oldPassword="not the password", api_session=api
            )
        self.assertEqual(refused.exception.parsed_resp["data"]["reason"], "wrongPassword")


if __name__ == "__main__":
    unittest.main()
