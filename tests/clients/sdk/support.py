"""What the tests share: sessions of the unmodified argus-api SDK against a running server.

The environment says where the server is (ARGUS) and who may do what (API_KEY of the administrator, ADMINISTRATOR and
PERSON with their passwords).
"""

import os

from argus_api.authentication import APIKeyAuth, PasswordAuthentication, SessionTokenAuth
from argus_api.session import ArgusAPISession

ARGUS = os.environ["ARGUS"]


def session(auth):
    return ArgusAPISession(auth=auth, api_url=ARGUS, max_retries=1)


def by_key(key=os.environ["API_KEY"]):
    return session(APIKeyAuth(key))


def by_password(user="ADMINISTRATOR", password=None):
    return session(PasswordAuthentication(os.environ[user], password or os.environ[f"{user}_PASSWORD"]))


def by_token(token):
    return session(SessionTokenAuth(token))
