"""The directory by the SDK: people and groups, functions, permissions and customers. Refusals come before what is allowed."""

import unittest
import uuid

from argus_api.exceptions.http import AccessDeniedException, ObjectNotFoundException, ValidationErrorException
from argus_api.lib.currentuser.v1 import picture as own_picture
from argus_api.lib.customeradmin.v2 import customer as customer_admin
from argus_api.lib.customeradmin.v2 import domain as domain_admin
from argus_api.lib.useradmin.v2 import function as function_admin
from argus_api.lib.useradmin.v2 import group as group_admin
from argus_api.lib.useradmin.v2 import functionmapping as mappings
from argus_api.lib.useradmin.v2 import membership as memberships
from argus_api.lib.useradmin.v2 import permission as permission_admin
from argus_api.lib.useradmin.v2 import subject as subject_admin
from argus_api.lib.useradmin.v2 import user as user_admin
from argus_api.lib.users.v2 import function as basic_functions
from argus_api.lib.users.v2 import subject as basic_subjects
from argus_api.lib.users.v2 import user as basic_users

from support import by_key, by_password

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SEARCH = {"keywordFieldStrategy": ["shortName"], "keywordMatchStrategy": "all", "timeMatchStrategy": "any"}
SEARCH |= {"sortBy": ["-createdTimestamp"], "timeFieldStrategy": ["all"]}
WORDS = {"keywordFieldStrategy": ["all"], "keywordMatchStrategy": "all"}


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


if __name__ == "__main__":
    unittest.main()
