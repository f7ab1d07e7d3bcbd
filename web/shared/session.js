// Who is signed in on this page, and their tokens. An access token stays in the memory of the page.

import { Problem, freshKey, send } from "./http.js";
import * as store from "./store.js";

// Wanted after the sign-in only.
const keys = () => import("./keys.js");
const EARLY = 30_000;
const KEPT = "phone";

class Session {
  #access = null;
  #until = 0;
  #refreshing = null;

  /** Told when the sign-in is over: by the server, or by the person. */
  onEnd = () => {};

  /** A token that is good for a while yet; null if nobody is signed in. */
  async token({ renew = false } = {}) {
    if (!renew && this.#access && Date.now() < this.#until - EARLY) return this.#access;
    if (!(await this.kept())) return null;
    this.#refreshing ??= this.#refresh().finally(() => { this.#refreshing = null; });
    await this.#refreshing;
    return this.#access;
  }

  // Two pages of one sign-in would spend the same refresh token, and that ends it: one at a time, each reads anew.
  #refresh() {
    const act = async () => {
      const kept = await this.kept();
      if (!kept) return;
      // The key is written before the request leaves: if the answer is lost, the same pair is asked for again.
      kept.refresh_key ??= freshKey();
      await this.keep(kept);
      try {
        const answer = await this.#ask(kept).catch(async (error) => {
          // The sign-in stands; what was signed did not, by a clock that is wrong: once more by the server's.
          if (error.code !== "proof_refused" || !kept.pair || Number.isNaN(error.at)) throw error;
          kept.ahead = error.at - Date.now();
          kept.refresh_key = freshKey();
          await this.keep(kept);
          return this.#ask(kept);
        });
        await this.accept(answer, kept);
      } catch (error) {
        if (error instanceof Problem && error.status === 401 && error.code !== "proof_refused") await this.end();
        throw error;
      }
    };
    return navigator.locks ? navigator.locks.request(`manzil-refresh-${this.name}`, act) : act();
  }

  async #ask(kept) {
    const body = { refresh_token: kept.refresh_token, proof: await this.proof(kept) };
    return send("POST", "/v1/auth/refresh", { body, key: kept.refresh_key });
  }

  /**
   * Takes a pair of tokens as this page's own. `ahead`: by how many milliseconds the server's clock is ahead of this
   * phone's, which may be minutes off: what is signed here goes by the server's, also without a net.
   */
  async accept(answer, kept = {}) {
    const tokens = await answer.json();
    this.#access = tokens.access_token;
    this.#until = Date.now() + tokens.access_seconds * 1000;
    const at = Date.parse(answer.headers.get("Date"));
    const ahead = Number.isNaN(at) ? kept.ahead ?? 0 : at - Date.now();
    await this.keep({ ...kept, ahead, refresh_token: tokens.refresh_token, refresh_key: undefined, device_id: tokens.device_id });
  }

  /** Forgets the sign-in here. */
  async end() {
    this.#access = null;
    await this.forget();
    this.onEnd();
  }

  async signOut() {
    const token = await this.token().catch(() => null);
    if (token) await send("DELETE", "/v1/auth/session", { token, tries: 1 }).catch(() => {});
    await this.end();
  }
}

/** A person's phone: its key pair and refresh token are kept in IndexedDB, and survive the page. */
export class PhoneSession extends Session {
  name = KEPT;
  kept = () => store.get("session", KEPT);
  keep = (value) => store.set("session", KEPT, value);
  proof = async (kept) => (await keys()).refreshProof(kept.pair, kept.refresh_token, kept.ahead);

  /** `role`: `migrant`, or `host` of somebody. */
  async signIn(phone, code, deviceName, role = "migrant") {
    const { makePair, publicJwk } = await keys();
    const pair = await makePair();
    const body = { phone, code, device_key: await publicJwk(pair), device_name: deviceName, role };
    const answer = await send("POST", "/v1/auth/sessions", { body });
    await this.accept(answer, { pair, role });
  }

  /** All that is about the person goes from this phone. */
  forget = () => store.clear();

  async qrPass(bookingId) {
    const { pair, device_id: device, ahead } = await this.kept();
    const { qrPass } = await keys();
    return qrPass(pair, device, bookingId, ahead);
  }
}

/** Staff at a shared machine: signed in for as long as this tab is open, and each tab may be another's. */
export class StaffSession extends Session {
  constructor(area) {
    super();
    this.name = `staff-${area}`;
  }

  kept = async () => JSON.parse(sessionStorage.getItem(this.name));
  keep = async (value) => sessionStorage.setItem(this.name, JSON.stringify(value));
  forget = async () => sessionStorage.removeItem(this.name);
  proof = async () => null;

  async signIn(login, password, totp) {
    const answer = await send("POST", "/v1/auth/staff/sessions", { body: { login, password, totp }, tries: 1 });
    await this.accept(answer);
  }
}

/** What a token says of its bearer, for showing; the server alone decides by it. */
export function claimsOf(token) {
  const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (char) => char.charCodeAt(0))));
}
