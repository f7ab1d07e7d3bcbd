// A clerk's desk: who has come, whose turn it is, how it went. What another desk does is seen at once.

import { put, h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { beginForStaff } from "../shared/shell.js";
import { trouble } from "../shared/ui.js";
import { arrivals } from "./arrivals.js";
import { counters } from "./counters.js";
import { keys } from "./keys.js";
import { line } from "./line.js";
import { turn } from "./turn.js";
import { visits } from "./visits.js";

beginForStaff("desk", ["clerk"], async (main, api) => {
  const services = await api.get("/v1/services").catch(() => ({ items: [] }));
  const named = Object.fromEntries(services.items.map((each) => [each.code, each.name]));
  const desk = {
    api,
    state: null,
    nameOf: (code) => named[code] ?? code,
    /** The counter at which the clerk of this page stands. */
    get own() { return desk.state?.counters.find((each) => each.own) ?? null; },
    counterOf: (id) => desk.state?.counters.find((each) => each.id === id) ?? null,
    /** A word about a ticket as it was last seen; the line is drawn anew from what the server says then. */
    say: (ticket, what, body) => api.post(`/v1/queue/tickets/${ticket.id}/${what}`, body,
      { headers: { "If-Match": `"${ticket.version}"` } }),
  };
  const lost = h("p", { class: "card warn", role: "alert", hidden: true }, t("stream_lost"));
  const parts = [counters(desk), turn(desk), arrivals(desk), line(desk), visits(desk)];
  const [standing, turnPart, arrivalsPart, linePart, visitsPart] = parts.map((part) => part.element);
  put(main, lost, h("div", { class: "desk" },
    h("div", { class: "stack" }, standing, turnPart, arrivalsPart), h("div", { class: "stack" }, linePart, visitsPart)));
  const draw = (state) => {
    lost.hidden = true;
    desk.state = state;
    for (const part of parts) part.draw(state);
  };
  const offKeys = keys({ F2: parts[2].scan, F4: parts[1].call, F8: parts[1].go, F9: parts[1].undo });
  const stop = api.follow("/v1/queue/events", draw, (problem) => {
    lost.hidden = problem !== null;
    if (problem) put(main, trouble(problem, () => location.reload()));
  });
  return () => {
    stop();
    offKeys();
    for (const part of parts) part.leave?.();
  };
});
