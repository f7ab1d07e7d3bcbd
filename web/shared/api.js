// The API as somebody who is signed in sees it. Each call gives the parsed answer, or throws Problem or Offline.

import { Problem, send } from "./http.js";
import { follow } from "./events.js";

export { Offline, Problem, freshKey, keyed } from "./http.js";

/** A client for a session of `session.js`; without one, for what anybody may ask. */
export function client(session = null) {
  async function ask(method, path, options = {}) {
    const token = session ? await session.token() : undefined;
    try {
      return await send(method, path, { ...options, token });
    } catch (error) {
      if (!session || !(error instanceof Problem) || error.status !== 401) throw error;
      return send(method, path, { ...options, token: await session.token({ renew: true }) });
    }
  }

  async function json(method, path, options) {
    const answer = await ask(method, path, options);
    return answer.status === 204 ? null : answer.json();
  }

  return {
    session,
    /** The bare answer: for headers and files. */
    ask,
    get: (path, query = {}, options = {}) => json("GET", address(path, query), options),
    /** Bears an Idempotency-Key, `options.key` or a fresh one. */
    post: (path, body, options = {}) => json("POST", path, { body, ...options }),
    put: (path, body, options = {}) => json("PUT", path, { body, ...options }),
    remove: (path, options = {}) => json("DELETE", path, options),
    /** A file, for showing (`URL.createObjectURL`) or saving. */
    file: async (path, query = {}) => (await ask("GET", address(path, query))).blob(),
    /** Server-sent events: `onState` is told each state; gives a function that ends it. See `events.js`. */
    follow: (path, onState, onTrouble) => follow(path, session, onState, onTrouble),
    /** Every item of a list that comes in pages of `next`. */
    async everything(path, query = {}, most = 500) {
      const items = [];
      for (let cursor; items.length < most; ) {
        const page = await json("GET", address(path, { ...query, cursor }));
        items.push(...page.items);
        cursor = page.next;
        if (!cursor) break;
      }
      return items;
    },
  };
}

/** A path with its query; what is undefined, null or empty is left out, lists are repeated. */
export function address(path, query) {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, each]));
  const told = new URLSearchParams(pairs.filter(([, each]) => each !== undefined && each !== null && each !== ""));
  const text = told.toString();  // `size` came to browsers years after the rest
  return text ? `${path}?${text}` : path;
}

/** Has the browser save a file that was fetched with a token. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
