// Server-sent events by fetch: EventSource cannot bear a token. Whoever connects again has the present state first.

import { Problem, send } from "./http.js";

const SLOWEST = 30_000;
// The server sends something every fifteen seconds: a connection that is silent for longer is gone, whatever it seems.
const SILENT = 40_000;

/**
 * Tells `onState` each state of the stream at `path` until the function given back is called, or the server refuses.
 * `onTrouble` is told the Problem that ended it, or null each time that the connection is lost and tried again.
 */
export function follow(path, session, onState, onTrouble = () => {}) {
  const stop = new AbortController();
  run().catch((error) => { if (!stop.signal.aborted) onTrouble(error); });
  return () => stop.abort();

  async function run() {
    let wait = 1000;
    let renew = false;
    while (!stop.signal.aborted) {
      try {
        const token = session ? await session.token({ renew }) : undefined;
        renew = false;
        const answer = await send("GET", path, {
          token, signal: stop.signal, tries: 1, headers: { Accept: "text/event-stream" },
        });
        for await (const state of states(answer.body)) {
          wait = 1000;
          onState(state);
        }
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof Problem && error.status === 401 && session) renew = true;
        else if (error instanceof Problem && error.status < 500 && error.status !== 429) throw error;
        onTrouble(null);
      }
      await new Promise((done) => setTimeout(done, wait));
      wait = Math.min(wait * 2, SLOWEST);
    }
  }
}

async function soon(promise) {
  let timer;
  const silence = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error("the stream is silent")), SILENT); });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** The `data` of each event, parsed. */
export async function* states(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await soon(reader.read());
      if (done) return;
      rest += value;
      for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
        const lines = rest.slice(0, end).split("\n").filter((line) => line.startsWith("data:"));
        if (lines.length) yield JSON.parse(lines.map((line) => line.slice(5).trimStart()).join("\n"));
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
