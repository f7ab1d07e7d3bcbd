// One request to the API: a problem is thrown as such, a lost net as another thing, and what may be repeated is.

import { current } from "./i18n.js";

const TRIES = 3;
const PASSING = new Set([429, 502, 503, 504]);

/** The server refused, with its stable `code` and a text in the reader's language. */
export class Problem extends Error {
  constructor(status, body, at = NaN) {
    super(body.title || `${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code || "";
    this.body = body;
    /** When the server said so by its own clock, in milliseconds since 1970; NaN if it did not say. */
    this.at = at;
  }
}

/** No answer came: whether the request arrived is not known. */
export class Offline extends Error {
  constructor() {
    super("offline");
    this.name = "Offline";
  }
}

export const freshKey = () => crypto.randomUUID();

/** For a form: the same key for the same content, so that what is sent again after a lost answer is done once. */
export function keyed() {
  let last = { key: freshKey(), of: null };
  return (content) => {
    const of = JSON.stringify(content);
    if (last.of !== of) last = { key: freshKey(), of };
    return last.key;
  };
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * The answer to a request; Problem or Offline. `key`: the Idempotency-Key, so that a POST that is repeated is done once;
 * one is made if none is given. `tries`: how often it is sent while nothing or a passing fault is answered.
 */
export async function send(method, path, { body, headers = {}, token, key, signal, tries = TRIES } = {}) {
  const told = { "Accept-Language": current(), ...headers };
  if (token) told.Authorization = `Bearer ${token}`;
  if (method === "POST") told["Idempotency-Key"] = key ?? freshKey();
  const plain = body !== undefined && !(body instanceof Blob || body instanceof ArrayBuffer);
  if (plain) told["Content-Type"] = "application/json";
  const request = { method, headers: told, signal, cache: "no-store", credentials: "omit" };
  if (body !== undefined) request.body = plain ? JSON.stringify(body) : body;
  for (let tried = 1; ; tried += 1) {
    let answer;
    try {
      answer = await fetch(path, request);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      if (tried >= tries || !navigator.onLine) throw new Offline();
      await pause(400 * 2 ** tried);
      continue;
    }
    if (answer.ok) return answer;
    if (PASSING.has(answer.status) && tried < tries) {
      const after = Number(answer.headers.get("Retry-After")) || 0;
      // Whoever is asked to wait for longer than a person would is told so instead.
      if (after <= 10) {
        await pause(Math.max(after * 1000, 300 * 2 ** tried));
        continue;
      }
    }
    throw await problemOf(answer);
  }
}

async function problemOf(answer) {
  const told = (answer.headers.get("Content-Type") ?? "").startsWith("application/problem+json");
  const body = told ? await answer.json().catch(() => ({})) : {};
  return new Problem(answer.status, body, Date.parse(answer.headers.get("Date")));
}
