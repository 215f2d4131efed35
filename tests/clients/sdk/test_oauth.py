"""OAuth by the SDK: client definitions, the code flow, refreshing, scripts. Refusals come before what is allowed."""

import os
import time
import unittest
import uuid

from argus_api.authentication.oauth2 import OAuth2Auth
from argus_api.exceptions.http import (
    AccessDeniedException,
    ArgusException,
    AuthenticationFailedException,
    ObjectNotFoundException,
    ValidationErrorException,
)
from argus_api.lib.authentication.v1.oauth import oauth_authorize as oauth
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

from support import ARGUS, by_key, by_password, by_token, session

TOKEN_URL = f"{ARGUS}/authentication/v1/oauth/token"
REDIRECT_URI = "https://app.example.com/callback"
SECRET = "correct-horse-battery-staple-0123456789"


def define(api, **fields):
    """A client of its own for each test; returns the client object."""
    return oauth.create_oauth2_client(
        **{
            "shortName": f"sdk-{uuid.uuid4()}",
            "name": "Reporting",
            "description": "Defined by the SDK",
            "mainURI": "https://app.example.com/",
            "redirectURIs": [REDIRECT_URI],
            "clientIPRange": ["127.0.0.0/8", "::1"],
            "authenticationMethod": "password",
            "clientSecret": SECRET,
            "requiredFunction": "viewOAuthClients",
            "permissionScope": "viewOAuthClients",
            **fields,
        },
        api_session=api,
    )["data"]


def authorize(api, client, **fields):
    return oauth.authorize(
        clientID=client["id"],
        redirectURI=REDIRECT_URI,
        responseType=["code"],
        **{"scope": ["openid", "profile"], "state": "a state", "nonce": "a nonce", **fields},
        api_session=api,
    )["data"]


def credentials(client):
    return {"client_id": client["id"], "client_secret": SECRET}


def exchange(api, client, code):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    return oauth.get_token(body={**form, **credentials(client)}, api_session=api)


def tokens(api, client):
    return exchange(api, client, authorize(api, client)["authorizationCode"])


class Clients(unittest.TestCase):
    def test_each_bad_field_is_named(self):
        with self.assertRaises(ValidationErrorException) as refused:
            define(by_key(), shortName="not a short name", clientIPRange=["somewhere"])
        messages = refused.exception.parsed_resp["messages"]
        self.assertEqual({message["type"] for message in messages}, {"FIELD_ERROR"})
        self.assertEqual({message["field"].split("[")[0] for message in messages}, {"shortName", "clientIPRange"})

    def test_a_short_name_is_taken_once(self):
        api = by_key()
        client = define(api)
        with self.assertRaises(ValidationErrorException):
            define(api, shortName=client["shortName"].upper())

    def test_an_unknown_client_is_not_found(self):
        with self.assertRaises(ObjectNotFoundException):
            oauth.get_oauth2_client("no-such-client", api_session=by_key())

    def test_who_may_not_define_is_refused(self):
        with self.assertRaises(AccessDeniedException):
            define(by_password("PERSON"))

    def test_a_client_is_found_by_id_and_by_short_name(self):
        for api in (by_key(), by_password()):
            client = define(api)
            for name in (client["id"], client["shortName"]):
                self.assertEqual(oauth.get_oauth2_client(name, api_session=api)["data"]["id"], client["id"])
            self.assertNotIn("clientSecret", client)
            self.assertEqual(client["redirectURIs"], [REDIRECT_URI])

    def test_a_client_is_listed_and_searched(self):
        api = by_password()
        client = define(api)
        listed = oauth.list_oauth2_clients(keywords=client["shortName"], api_session=api)
        found = oauth.search_oauth2_clients(
            keywords=[client["shortName"]], keywordFieldStrategy=["shortName"], api_session=api
        )
        for reply in (listed, found):
            self.assertEqual([row["id"] for row in reply["data"]], [client["id"]])
            self.assertEqual((reply["count"], reply["size"]), (1, 1))

    def test_an_update_that_changes_nothing_says_so(self):
        api = by_password()
        client = define(api)
        change = {"idOrShortname": client["id"], "name": "Reporting 2", "api_session": api}
        self.assertEqual(oauth.update_oauth2_client(**change)["data"]["name"], "Reporting 2")
        again = oauth.update_oauth2_client(**change, json=False)
        self.assertEqual((again.status_code, again.json()["responseCode"]), (220, 220))

    def test_a_deleted_client_is_found_only_when_asked_for(self):
        api = by_password()
        client = define(api)
        oauth.delete_oauth2_client(client["shortName"], api_session=api)

        def search(**flags):
            return oauth.search_oauth2_clients(keywords=[client["shortName"]], api_session=api, **flags)["data"]

        self.assertEqual(search(), [])
        self.assertEqual([row["id"] for row in search(includeFlags=["deleted"])], [client["id"]])


class TheFlow(unittest.TestCase):
    def test_a_code_is_redeemed_once(self):
        api = by_password()
        client = define(api)
        code = authorize(api, client)["authorizationCode"]
        first = exchange(api, client, code)
        with self.assertRaises(ArgusException) as refused:
            exchange(api, client, code)
        self.assertEqual(refused.exception.parsed_resp["error"], "invalid_grant")
        told = oauth.introspect_token(body={"token": first["access_token"], **credentials(client)}, api_session=api)
        self.assertFalse(told["active"])

    def test_an_unregistered_redirect_uri_is_refused(self):
        api = by_password()
        with self.assertRaises(ValidationErrorException):
            authorize(api, {**define(api), "id": str(uuid.uuid4())})
        with self.assertRaises(ValidationErrorException):
            authorize(api, define(api, redirectURIs=["https://app.example.com/other"]))

    def test_a_delegated_token_does_no_more_than_its_scope(self):
        api = by_password()
        delegated = by_token(tokens(api, define(api))["access_token"])
        self.assertEqual(oauth.list_oauth2_clients(api_session=delegated)["responseCode"], 200)
        with self.assertRaises(AccessDeniedException):
            define(delegated)

    def test_from_authorization_to_userinfo(self):
        api = by_password()
        client = define(api)
        granted = authorize(api, client)
        self.assertEqual((granted["redirectURI"], granted["state"]), (REDIRECT_URI, "a state"))

        reply = exchange(api, client, granted["authorizationCode"])
        self.assertEqual(reply["token_type"].lower(), "bearer")
        self.assertTrue(reply["access_token"].startswith(os.environ["ADMINISTRATOR"] + "/"))
        self.assertIn("id_token", reply)

        told = oauth.introspect_token(body={"token": reply["access_token"], **credentials(client)}, api_session=api)
        self.assertTrue(told["active"])
        self.assertEqual((told["client_id"], told["username"]), (client["id"], os.environ["ADMINISTRATOR"]))

        delegated = by_token(reply["access_token"])
        for claims in (oauth.get_user_info(api_session=delegated), oauth.post_user_info(api_session=delegated)):
            self.assertTrue(claims["sub"])
            self.assertEqual(claims["username"], os.environ["ADMINISTRATOR"])


class RefreshingByItself(unittest.TestCase):
    def test_an_expired_token_is_refreshed_before_the_next_call(self):
        api = by_password()
        client = define(api)
        first = tokens(api, client)
        oauth_session = OAuth2Session(
            client["id"],
            token={**first, "expires_at": time.time() - 1},
            auto_refresh_url=TOKEN_URL,
            auto_refresh_kwargs=credentials(client),
        )
        refreshing = session(OAuth2Auth(oauth_session))
        self.assertEqual(oauth.get_user_info(api_session=refreshing)["username"], os.environ["ADMINISTRATOR"])
        self.assertNotEqual(oauth_session.token["access_token"], first["access_token"])
        self.assertNotEqual(oauth_session.token["refresh_token"], first["refresh_token"])
        self.assertGreater(oauth_session.token["expires_at"], time.time())

    def test_a_session_that_fetches_its_own_token_works_too(self):
        api = by_password()
        client = define(api)
        oauth_session = OAuth2Session(client["id"], redirect_uri=REDIRECT_URI, scope=["openid", "profile"])
        code = authorize(api, client)["authorizationCode"]
        oauth_session.fetch_token(TOKEN_URL, code=code, client_secret=SECRET)
        self.assertTrue(oauth.get_user_info(api_session=session(OAuth2Auth(oauth_session)))["sub"])


class Scripts(unittest.TestCase):
    def test_without_a_key_that_works_there_is_no_token(self):
        client = define(by_key())
        form = {"grant_type": "client_credentials", "client_id": client["id"]}
        for api in (by_key("1ab/2c/none"), by_password()):
            with self.assertRaises(AuthenticationFailedException):
                oauth.get_token(body=form, api_session=api)

    def test_a_script_gets_a_token_and_uses_it(self):
        api = by_key()
        client = define(api)
        form = {"grant_type": "client_credentials", "client_id": client["id"], "scope": "openid profile"}
        reply = oauth.get_token(body=form, api_session=api)
        self.assertNotIn("refresh_token", reply)
        told = oauth.introspect_token(body={"token": reply["access_token"], **credentials(client)}, api_session=api)
        self.assertEqual((told["active"], told["username"]), (True, os.environ["ADMINISTRATOR"]))
        delegated = by_token(reply["access_token"])
        self.assertEqual(oauth.get_user_info(api_session=delegated)["username"], os.environ["ADMINISTRATOR"])
        self.assertEqual(oauth.list_oauth2_clients(api_session=delegated)["responseCode"], 200)
        with self.assertRaises(AccessDeniedException):
            define(delegated)

    def test_a_session_that_fetches_a_scripts_token_works_too(self):
        client = define(by_key())
        oauth_session = OAuth2Session(client=BackendApplicationClient(client["id"], scope=["openid", "profile"]))
        oauth_session.fetch_token(TOKEN_URL, include_client_id=True, headers={"Argus-API-Key": os.environ["API_KEY"]})
        self.assertTrue(oauth.get_user_info(api_session=session(OAuth2Auth(oauth_session)))["sub"])


if __name__ == "__main__":
    unittest.main()
