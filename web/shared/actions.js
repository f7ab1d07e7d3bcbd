// What a person did while there was no net: written down first, sent in order when there is one, each once.

import { Offline, Problem, freshKey } from "./http.js";
import * as store from "./store.js";

const AGAIN = 15_000;
const passing = (error) => error instanceof Offline
  || (error instanceof Problem && (error.status >= 500 || error.status === 429));

export class Actions {
  #timer = null;

  /** `onChange` is told whenever something was sent, refused or put aside; with the outcomes of what went by itself. */
  constructor(api, onChange = () => {}) {
    this.api = api;
    this.onChange = onChange;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.flush(); });
  }

  /**
   * Does it now if it can be: the answer. Undefined if it waits for the net; Problem if the server refused it.
   * `about` says in a text key and values what it is, for the list of what waits.
   */
  async do(method, path, body, about) {
    const made = Date.now();
    const action = { id: `${made}-${freshKey()}`, key: freshKey(), method, path, body, about, made };
    // Before it leaves: whatever happens to this page from here on, it is sent, and with this key only once.
    await store.set("actions", action.id, action);
    const outcome = (await this.flush({ asked: true })).get(action.id);
    if (outcome?.problem) {
      await this.drop(action.id);
      throw outcome.problem;
    }
    return outcome?.answer;
  }

  /** All that waits or was refused, oldest first. */
  list = () => store.all("actions");

  async drop(id) {
    await store.remove("actions", id);
    this.onChange(new Map());
  }

  /** Sends what waits. Gives what became of each, by its id. */
  async flush({ asked = false } = {}) {
    const outcomes = new Map();
    clearTimeout(this.#timer);
    const act = async () => {
      for (const action of await this.list()) {
        if (action.refused) continue;
        try {
          const answer = await this.api.ask(action.method, action.path, { body: action.body, key: action.key });
          const told = answer.status === 204 ? null : await answer.json();
          await store.remove("actions", action.id);
          outcomes.set(action.id, { answer: told });
        } catch (error) {
          if (passing(error)) {
            this.#timer = setTimeout(() => this.flush(), AGAIN);
            break;
          }
          outcomes.set(action.id, { problem: error });
          if (error.status === 401) break;  // nobody is signed in: it waits for them, or went with all that was theirs
          if (await store.get("actions", action.id)) {
            await store.set("actions", action.id, { ...action, refused: error.message });
          }
        }
      }
    };
    await (navigator.locks ? navigator.locks.request("manzil-actions", act) : act());
    this.onChange(asked ? new Map() : outcomes);
    return outcomes;
  }
}

/** The newest answer to a GET: from the net, or without one the last that came. `at`: when, if it is not from now. */
export async function newest(api, path, query) {
  const name = `${path}?${JSON.stringify(query ?? {})}`;
  try {
    const data = await api.get(path, query);
    await store.set("kept", name, { data, at: Date.now() });
    return { data, at: null };
  } catch (error) {
    const kept = passing(error) ? await store.get("kept", name) : undefined;
    if (!kept) throw error;
    return kept;
  }
}
