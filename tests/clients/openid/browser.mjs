// As much of a browser as signing in takes: cookies, redirects, and the one form on a page.

/** Follows `url` to the redirect URI, signing in where a page asks for it; returns the URL it was sent back to. */
export async function signIn(url, { user, password, redirectUri }) {
  const browser = new Browser();
  let { response, at } = await browser.open(url, redirectUri);
  for (let pages = 0; response && pages < 3; pages++) {
    const form = readForm(await response.text(), at);
    ({ response, at } = await browser.submit(form, { user, password }, redirectUri));
  }
  if (response) throw new Error(`still on a page of our own: ${at}`);
  return at;
}

class Browser {
  #cookies = new Map();

  open(url, stopAt) {
    return this.#follow(new URL(url), { method: 'GET' }, stopAt);
  }

  submit(form, { user, password }, stopAt) {
    const fields = new URLSearchParams(form.hidden);
    fields.set(form.userField, user);
    fields.set(form.passwordField, password);
    const headers = { origin: form.action.origin, 'sec-fetch-site': 'same-origin' };
    return this.#follow(form.action, { method: 'POST', body: fields, headers }, stopAt);
  }

  /** Until a page, or until it would leave for `stopAt`: then there is no response, only the URL. */
  async #follow(at, request, stopAt) {
    for (let hops = 0; hops < 10; hops++) {
      const headers = { ...request.headers, cookie: [...this.#cookies].map(([k, v]) => `${k}=${v}`).join('; ') };
      const response = await fetch(at, { ...request, headers, redirect: 'manual' });
      response.headers.getSetCookie().forEach((line) => this.#remember(line));
      const location = response.headers.get('location');
      if (!location) return { response, at };
      at = new URL(location, at);
      if (at.href.startsWith(stopAt)) return { response: null, at };
      request = { method: 'GET' };
    }
    throw new Error(`too many redirects, the last one to ${at}`);
  }

  #remember(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (/max-age=0/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** The page's form: where it goes, its hidden fields, and the names of the fields for user name and password. */
function readForm(html, at) {
  const form = /<form\b[^>]*method="?post[^]*?<\/form>/i.exec(html)?.[0];
  if (!form) throw new Error(`no form on ${at}:\n${html}`);
  const inputs = [...form.matchAll(/<input\b[^>]*>/gi)].map(([input]) => attributes(input));
  const named = (rule) => inputs.find(rule)?.name;
  return {
    action: new URL(attributes(/<form\b[^>]*>/i.exec(form)[0]).action || at, at),
    hidden: inputs.filter((input) => input.type === 'hidden').map(({ name, value }) => [name, value ?? '']),
    userField: named((input) => input.autocomplete?.includes('username')),
    passwordField: named((input) => input.type === 'password'),
  };
}

function attributes(tag) {
  const pairs = [...tag.matchAll(/([\w-]+)(?:\s*=\s*"([^"]*)")?/g)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name.toLowerCase(), unescape(value)]));
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text) {
  return text
    ?.replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal) => String.fromCodePoint(Number(decimal)))
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name]);
}
