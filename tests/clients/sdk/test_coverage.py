"""What the vendor's schema has and this server has not is listed in docs/argus-api.md, with the reason; nothing else is."""

import json
import os
import re
import unittest
import urllib.request
from importlib import resources
from pathlib import Path

import argus_api

SERVED_PARTS = {
    "authentication/authentication.json": ["/authentication/v1/"],
    "users/users.json": ["/currentuser/v1/", "/useradmin/v2/", "/users/v2/"],
    "customers/customers.json": ["/customeradmin/v2/"],
}
METHODS = {"get", "post", "put", "delete"}
LIST = Path(__file__).parents[3] / "docs" / "argus-api.md"


def shape(path):
    """The path without the names of its variables; the prefix of an API key is two segments."""
    return re.sub(r"\{[^}]*\}", "{}", path.replace("{prefix}", "{}/{}").replace("{first}/{second}", "{}/{}"))


def calls(paths, beginnings):
    return {
        (method.upper(), shape(path))
        for path, item in paths.items()
        if any(path.startswith(beginning) for beginning in beginnings)
        for method in item.keys() & METHODS
    }


def known():
    """Every call of the vendor's schema for an identity provider."""
    found = set()
    for file, beginnings in SERVED_PARTS.items():
        schema = json.loads((resources.files(argus_api) / "schema" / file).read_text())
        found |= calls(schema["paths"], beginnings)
    return found


def served():
    with urllib.request.urlopen(f"{os.environ['ARGUS']}/docs/api/openapi.json") as answer:
        return calls(json.load(answer)["paths"], ["/"])


def listed():
    """The calls named in the first column of the table under "Not served": `PUT /a/{b}`, `/a/{b}`, or `/a/…` for all below."""
    section = LIST.read_text().split("## Not served")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def names(pattern, call):
    method, _, path = pattern.rpartition(" ")
    path = shape(path)
    fits = call[1].startswith(path[:-1]) if path.endswith("…") else call[1] == path
    return fits and method in ("", call[0])


class Coverage(unittest.TestCase):
    def test_what_is_not_served_is_listed_with_the_reason(self):
        patterns = listed()
        missing = known() - served()
        unexplained = sorted(call for call in missing if not any(names(pattern, call) for pattern in patterns))
        self.assertEqual(unexplained, [])

    def test_what_is_listed_is_known_and_not_served(self):
        missing = known() - served()
        stale = [pattern for pattern in listed() if not any(names(pattern, call) for call in missing)]
        self.assertEqual(stale, [])
        here = served() & known()
        wrong = [(pattern, call) for pattern in listed() for call in sorted(here) if names(pattern, call)]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
