"""The unmodified argus-api SDK against a running server. Refusals come before what is allowed.

The environment says where the server is (ARGUS) and who may do what (API_KEY of the administrator, ADMINISTRATOR and
PERSON with their passwords).
"""

import os
import time
import unittest
import uuid

from argus_api.authentication import APIKeyAuth, PasswordAuthentication, SessionTokenAuth
from argus_api.authentication.oauth2 import OAuth2Auth
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
from argus_api.lib.currentuser.v1 import picture as own_picture
from argus_api.lib.customeradmin.v2 import customer as customer_admin
from argus_api.lib.customeradmin.v2 import domain as domain_admin
from argus_api.lib.useradmin.v2 import function as function_admin
from argus_api.lib.useradmin.v2 import functionmapping as mappings
from argus_api.lib.useradmin.v2 import group as group_admin
from argus_api.lib.useradmin.v2 import membership as memberships
from argus_api.lib.useradmin.v2 import permission as permission_admin
from argus_api.lib.useradmin.v2 import subject as subject_admin
from argus_api.lib.useradmin.v2 import user as user_admin
from argus_api.lib.users.v2 import function as basic_functions
from argus_api.lib.users.v2 import subject as basic_subjects
from argus_api.lib.users.v2 import user as basic_users
from argus_api.session import ArgusAPISession
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

ARGUS = os.environ["ARGUS"]
TOKEN_URL = f"{ARGUS}/authentication/v1/oauth/token"
REDIRECT_URI = "https://app.example.com/callback"
SECRET = "correct-horse-battery-staple-0123456789"


def session(auth):
    return ArgusAPISession(auth=auth, api_url=ARGUS, max_retries=1)


def by_key(key=os.environ["API_KEY"]):
    return session(APIKeyAuth(key))


def by_password(user="ADMINISTRATOR", password=None):
    return session(PasswordAuthentication(os.environ[user], password or os.environ[f"{user}_PASSWORD"]))


def by_token(token):
    return session(SessionTokenAuth(token))


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


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SEARCH = {"keywordFieldStrategy": ["shortName"], "keywordMatchStrategy": "all", "timeMatchStrategy": "any"}
SEARCH |= {"sortBy": ["-createdTimestamp"], "timeFieldStrategy": ["all"]}


class People(unittest.TestCase):
    def setUp(self):
        self.api = by_key()
        self.name = f"sdk-{uuid.uuid4()}"
        whole = user_admin.list_users(limit=1, api_session=self.api)["data"][0]
        self.customer = str(whole["customer"]["id"])

    def make(self, **fields):
        fields = {"customer": self.customer, "name": "By the SDK", "shortName": self.name, **fields}
        return user_admin.add_user(**fields, api_session=self.api)["data"]

    def test_what_is_wrong_or_not_there_is_refused(self):
        with self.assertRaises(ValidationErrorException):
            self.make(shortName="a b", email="nowhere")
        with self.assertRaises(ObjectNotFoundException):
            user_admin.get_user(self.name, api_session=self.api)
        with self.assertRaises(ValidationErrorException):
            user_admin.set_user_image(str(self.make()["id"]), "AAAA", "image/png", api_session=self.api)

    def test_a_user_from_the_beginning_to_the_end(self):
        user = self.make(phone={"countryCode": "47", "nationalNumber": "22000000"}, description="For a while")
        number = str(user["id"])
        self.assertEqual(user_admin.get_user(self.name, api_session=self.api)["data"]["id"], user["id"])
        changed = user_admin.update_user(number, name="Renamed", api_session=self.api)
        self.assertEqual((changed["responseCode"], changed["data"]["name"]), (200, "Renamed"))
        again = user_admin.update_user(number, name="Renamed", api_session=self.api)
        self.assertEqual(again["responseCode"], 220)
        found = user_admin.search_users(**SEARCH, keywords=[self.name], api_session=self.api)
        self.assertEqual((found["count"], found["data"][0]["id"]), (1, user["id"]))
        listed = basic_users.list_basic_users(keywords=[self.name], api_session=self.api)
        self.assertEqual([one["id"] for one in listed["data"]], [user["id"]])
        moved = user_admin.move_user(number, self.customer, api_session=self.api)
        self.assertEqual(moved["responseCode"], 220)
        user_admin.set_user_image(number, PIXEL, "image/png", api_session=self.api)
        picture = user_admin.admin_get_user_image(number, api_session=self.api)
        self.assertEqual(picture.headers["Content-Type"], "image/png")
        self.assertIn("deleted", user_admin.delete_user(number, api_session=self.api)["data"]["flags"])
        self.assertNotIn("deleted", user_admin.reenable_user(number, api_session=self.api)["data"]["flags"])

    def test_a_group_and_who_is_in_it(self):
        user = self.make()
        group = group_admin.add_group(
            customer=self.customer, name="By the SDK", shortName=f"{self.name}-group", api_session=self.api
        )["data"]
        number = str(group["id"])
        group_admin.update_group(number, description="For a while", api_session=self.api)
        added = group_admin.add_group_members(number, [self.name], comment="Together", api_session=self.api)
        self.assertEqual([member["id"] for member in added["data"]], [user["id"]])
        listed = group_admin.list_subjects_in_group(number, api_session=self.api)
        self.assertEqual([member["id"] for member in listed["data"]], [user["id"]])
        around = basic_subjects.get_subject_group_memberships(user["id"], api_session=self.api)
        self.assertEqual([one["id"] for one in around["data"]], [group["id"]])
        [membership] = memberships.list_memberships(subject=[self.name], api_session=self.api)["data"]
        self.assertEqual(membership["addComment"], "Together")
        found = memberships.search_memberships(subject=[str(group["id"])], api_session=self.api)
        self.assertEqual([one["id"] for one in found["data"]], [membership["id"]])
        memberships.remove_memberships_bulk(membershipID=[membership["id"]], api_session=self.api)
        joined = subject_admin.add_subject_group_memberships(self.name, [number], api_session=self.api)
        self.assertEqual([one["id"] for one in joined["data"]], [membership["id"]])
        group_admin.remove_subjects_from_group(number, [self.name], api_session=self.api)
        self.assertEqual(group_admin.list_subjects_in_group(number, api_session=self.api)["count"], 0)
        self.assertIn("deleted", group_admin.delete_group(number, api_session=self.api)["data"]["flags"])
        group_admin.reenable_group(number, api_session=self.api)

    def test_ones_own_picture(self):
        api = by_password()
        own_picture.update_profile_picture_json(PIXEL, "image/png", api_session=api)
        self.assertEqual(own_picture.get_profile_picture(api_session=api).headers["Content-Type"], "image/png")


WORDS = {"keywordFieldStrategy": ["all"], "keywordMatchStrategy": "all"}


class FunctionsAndPlaces(unittest.TestCase):
    def setUp(self):
        self.api = by_key()
        self.name = f"sdk-{uuid.uuid4()}"

    def function(self, name, **fields):
        # The SDK sends what it takes for defaults beside it.
        return function_admin.add_function(name, "administrator", **fields, api_session=self.api)["data"]

    def customer(self):
        [root] = customer_admin.search_customers(includeFlags=["rootCustomerGroup"], api_session=self.api)["data"]
        return customer_admin.add_customer("By the SDK", root["shortName"], self.name, api_session=self.api)["data"]

    def test_what_is_wrong_or_not_there_is_refused(self):
        with self.assertRaises(ValidationErrorException):
            self.function("a b")
        with self.assertRaises(ObjectNotFoundException):
            function_admin.get_function(self.name, api_session=self.api)
        with self.assertRaises(ObjectNotFoundException):
            customer_admin.get_customer(self.name, api_session=self.api)
        with self.assertRaises(ObjectNotFoundException):
            permission_admin.revoke_permission(999_999_999, api_session=self.api)
        with self.assertRaises(AccessDeniedException):
            function_admin.list_functions(api_session=by_password("PERSON"))

    def test_a_function_from_the_beginning_to_the_end(self):
        api = self.api
        function = self.function(self.name, description="For a while", localizedNames={"english": "By the SDK"})
        number = str(function["id"])
        self.assertEqual(function["localizedName"], "By the SDK")
        self.assertEqual(function_admin.get_function(self.name, api_session=api)["data"]["id"], function["id"])
        changed = function_admin.update_function(number, role=True, api_session=api)
        self.assertEqual((changed["responseCode"], changed["data"]["flags"]), (200, ["role"]))
        self.assertEqual(function_admin.update_function(number, role=True, api_session=api)["responseCode"], 220)
        function_admin.add_function_child(number, ["viewUsers"], api_session=api)
        children = function_admin.list_function_children(number, api_session=api)
        self.assertEqual([child["name"] for child in children["data"]], ["viewUsers"])
        parents = function_admin.list_function_parents(number, api_session=api)
        self.assertEqual([parent["name"] for parent in parents["data"]], ["administrator"])
        [edge] = mappings.list_function_mappings(parent=[self.name], api_session=api)["data"]
        found = mappings.search_function_mappings(parent=[self.name], api_session=api)["data"]
        self.assertEqual([one["id"] for one in found], [edge["id"]])
        left = function_admin.remove_function_child(number, ["viewUsers"], api_session=api)
        self.assertEqual(left["data"], [])
        listed = function_admin.list_functions(keywords=[self.name], api_session=api)
        found = function_admin.search_functions(**WORDS, keywords=[self.name], api_session=api)
        basic = basic_functions.search_basic_functions(**WORDS, keywords=[self.name], api_session=api)
        for reply in (listed, found, basic):
            self.assertEqual([one["id"] for one in reply["data"]], [function["id"]])
        self.assertEqual(basic_functions.get_basic_function(number, api_session=api)["data"]["name"], self.name)
        self.assertEqual(basic_functions.list_basic_functions(function=[number], api_session=api)["count"], 1)
        self.assertIn("deleted", function_admin.delete_function(number, api_session=api)["data"]["flags"])

    def test_a_permission_is_granted_searched_and_revoked(self):
        api, customer, function = self.api, self.customer(), self.function(self.name)
        place = str(customer["id"])
        user_admin.add_user(customer=place, name="By the SDK", shortName=self.name, api_session=api)
        granted = permission_admin.grant_permission(place, self.name, self.name, comment="For now", api_session=api)
        permission = granted["data"]
        self.assertEqual((permission["subject"]["shortName"], permission["grantComment"]), (self.name, "For now"))
        listed = permission_admin.list_permissions(subject=[self.name], api_session=api)
        found = permission_admin.search_permissions(
            **WORDS, subject=[self.name], startTimestamp="0", timeFieldStrategy=["all"], api_session=api
        )
        held = user_admin.list_permissions_for_user(self.name, api_session=api)
        for reply in (listed, found, held):
            self.assertEqual([one["id"] for one in reply["data"]], [permission["id"]])
        revoked = permission_admin.revoke_permission(permission["id"], comment="No more", api_session=api)
        self.assertEqual((revoked["data"]["flags"], revoked["data"]["revokeComment"]), (["deleted"], "No more"))
        wanted = [{"subject": self.name, "function": str(function["id"]), "customer": place}]
        [permission] = permission_admin.grant_permissions_bulk(wanted, api_session=api)["data"]
        gone = permission_admin.revoke_permissions_bulk([permission["id"]], api_session=api)
        self.assertEqual([one["id"] for one in gone["data"]], [permission["id"]])

    def test_a_customer_is_made_moved_disabled_and_let_in_again(self):
        api, customer = self.api, self.customer()
        number, above = str(customer["id"]), str(customer["parent"]["id"])
        self.assertEqual(customer_admin.get_customer(self.name, api_session=api)["data"]["id"], customer["id"])
        changed = customer_admin.update_customer(number, name="Renamed", api_session=api)
        self.assertEqual((changed["responseCode"], changed["data"]["name"]), (200, "Renamed"))
        self.assertEqual(customer_admin.move_customer(number, above, api_session=api)["responseCode"], 220)
        listed = customer_admin.list_customers(keywords=[self.name], api_session=api)
        found = customer_admin.search_customers(keywords=[self.name], keywordFieldStrategy=["all"], api_session=api)
        for reply in (listed, found):
            self.assertEqual([one["id"] for one in reply["data"]], [customer["id"]])
        disabled = customer_admin.disable_customer(number, api_session=api)
        self.assertIn("disabled", disabled["data"]["flags"])
        self.assertNotIn("disabled", customer_admin.reenable_customer(number, api_session=api)["data"]["flags"])
        self.assertIn(customer["domain"], domain_admin.get_domains(api_session=api)["data"])


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
