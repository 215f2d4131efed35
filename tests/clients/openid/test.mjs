// npm's openid-client, unmodified, against a running server. The environment says where it is and who may sign in.
import assert from 'node:assert/strict';
import { randomUUID, webcrypto } from 'node:crypto';
import { before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { signIn } from './browser.mjs';

globalThis.crypto ??= webcrypto; // Node.js 18 has it under another name

const { ARGUS, API_KEY, ADMINISTRATOR, ADMINISTRATOR_PASSWORD } = process.env;
const redirectUri = 'http://127.0.0.1:9/callback'; // nothing listens there: the flow ends before
const secret = 'every+kind of/character%that:must&be=encoded';
const insecure = { execute: [openid.allowInsecureRequests] }; // the issuer is plain HTTP on the loopback interface

async function defineClient(fields) {
  const response = await fetch(`${ARGUS}/authentication/v1/oauth/client`, {
    method: 'POST',
    headers: { 'argus-api-key': API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify({
      shortName: `openid-${randomUUID()}`,
      name: 'openid-client',
      description: 'Defined by a test',
      mainURI: 'https://app.example.com/',
      redirectURIs: [redirectUri],
      clientIPRange: ['127.0.0.0/8', '::1'],
      requiredFunction: 'viewOAuthClients',
      permissionScope: 'viewOAuthClients',
      ...fields,
    }),
  });
  const reply = await response.json();
  assert.equal(response.status, 201, JSON.stringify(reply));
  return reply.data.id;
}

/** Signs in, and returns what the redirect brought and what was remembered for the exchange. */
async function authorize(config, more = {}) {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: openid.randomState(), expectedNonce: openid.randomNonce() };
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  });
  const back = await signIn(url, { user: ADMINISTRATOR, password: ADMINISTRATOR_PASSWORD, redirectUri });
  return { back, checks: { ...checks, idTokenExpected: true } };
}

async function discover(id, authentication) {
  const config = await openid.discovery(new URL(ARGUS), id, undefined, authentication, insecure);
  openid.enableNonRepudiationChecks(config); // check the ID token's signature, although it came from the server itself
  return config;
}

const kinds = {
  'a public client': [{ authenticationMethod: 'none' }, openid.None()],
  'a secret in the form': [{ authenticationMethod: 'password', clientSecret: secret }, openid.ClientSecretPost(secret)],
  'a secret by Basic': [{ authenticationMethod: 'password', clientSecret: secret }, openid.ClientSecretBasic(secret)],
};

for (const [kind, [fields, authentication]] of Object.entries(kinds)) {
  describe(kind, () => {
    let config;
    before(async () => {
      config = await discover(await defineClient(fields), authentication);
    });

    it('is refused with the wrong code verifier', async () => {
      const { back, checks } = await authorize(config);
      const wrong = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
      await assert.rejects(openid.authorizationCodeGrant(config, back, wrong), { error: 'invalid_grant' });
    });

    it('is told that nobody is signed in when it asks for no page', async () => {
      const { back, checks } = await authorize(config, { prompt: 'none' });
      await assert.rejects(openid.authorizationCodeGrant(config, back, checks), { error: 'login_required' });
    });

    it('gets tokens, claims, and tokens again', async () => {
      const { back, checks } = await authorize(config);
      const tokens = await openid.authorizationCodeGrant(config, back, checks);
      const claims = tokens.claims();
      assert.equal(claims.preferred_username, ADMINISTRATOR);

      const info = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(info.preferred_username, ADMINISTRATOR);

      const next = await openid.refreshTokenGrant(config, tokens.refresh_token);
      assert.notEqual(next.access_token, tokens.access_token);
      await openid.fetchUserInfo(config, next.access_token, claims.sub);
    });
  });
}
