// A place in line, as it moves.

import { h, put } from "../../shared/dom.js";
import { clock, t, time } from "../../shared/i18n.js";
import { button, say, sure, wordsFor } from "../../shared/ui.js";

const LIVE = ["waiting", "called", "serving", "skipped"];

/** A card that follows the ticket. `stop()` ends it; `onOver` is called when the ticket is. */
export function liveTicket(app, ticket, onOver = () => {}) {
  const state = h("div", { class: "stack", role: "status", "aria-live": "polite" });
  const wait = h("p", { class: "dim" });
  const trouble = h("p", { class: "warned", hidden: true }, t("line_lost"));
  const buttons = h("div", { class: "row" });
  const element = h("section", { class: "card", "aria-label": t("ticket") }, state, wait, trouble, buttons);
  let seen = ticket;
  draw();
  const stop = app.api.follow(`/v1/me/tickets/${ticket.id}/events`, (told) => {
    trouble.hidden = true;
    const called = told.status === "called" && seen.status !== "called";
    seen = told;
    draw();
    if (called && "vibrate" in navigator) navigator.vibrate([300, 100, 300]);
    if (!LIVE.includes(told.status)) {
      stop();
      onOver(told);
    }
  }, (error) => {
    trouble.hidden = false;
    if (error) trouble.textContent = wordsFor(error);
  });
  return { element, stop };

  function draw() {
    put(state, h("h2", {}, `${t("ticket")} · ${seen.point.name}`), h("p", { class: "number" }, seen.number), words());
    const fits = LIVE.includes(seen.status) && seen.status !== "serving";
    put(buttons, fits && !seen.priority && button(t("need_priority"), () => move("priority", { priority: true }), { kind: "quiet" }),
      fits && button(t("leave_line"), async () => {
        if (await sure(t("leave_line"), t("leave_line_text"), t("leave_line"))) await move("leave");
      }, { kind: "quiet" }));
    if (seen.status === "waiting") tellWait();
    else wait.textContent = "";
  }

  function words() {
    if (seen.status === "called") return h("p", { class: "big good" }, t("go_to", { counter: seen.counter ?? "" }));
    if (seen.status === "waiting") return h("p", { class: "big" }, seen.ahead ? t("ahead", { n: seen.ahead }) : t("you_are_next"));
    return h("p", { class: "big" }, t(`ticket_${seen.status}`));
  }

  async function tellWait() {
    const told = await app.api.get(`/v1/me/tickets/${ticket.id}/wait`).catch(() => null);
    wait.textContent = told?.wait?.median
      ? t("likely_called", { at: time(told.wait.median), latest: clock(told.wait.likely ?? told.wait.median) }) : "";
  }

  async function move(what, body) {
    await app.api.post(`/v1/me/tickets/${ticket.id}/${what}`, body, { headers: { "If-Match": `"${seen.version}"` } });
    seen = await app.api.get(`/v1/me/tickets/${ticket.id}`);
    draw();
    say(t("saved"));
  }
}
