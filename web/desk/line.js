// The line as all desks of the point see it: who waits, who is with whom, what ended just now.

import { h, put } from "../shared/dom.js";
import { t, time } from "../shared/i18n.js";
import { button, nothing } from "../shared/ui.js";
import { keepingFocus } from "./keys.js";

const GROUPS = [
  ["at_counters", ["called", "serving"]], ["waiting", ["waiting"]], ["aside", ["skipped"]],
  ["ended", ["finished", "missed", "left"]],
];

export function line(desk) {
  const element = h("section", { class: "card", tabindex: "-1" });
  let undoable = 0;
  const later = setInterval(() => desk.state && undoable && draw(desk.state), 30_000);

  function draw(state) {
    keepingFocus(element, () => put(element, h("h2", {}, t("line")),
      state.tickets.length ? GROUPS.map(([name, statuses]) => group(name, state, statuses)) : nothing(t("nobody_waits"))));
  }

  function group(name, state, statuses) {
    const found = state.tickets.filter((each) => statuses.includes(each.status));
    if (name === "ended") undoable = found.length;
    return found.length > 0 && h("div", { class: "stack" }, h("h3", {}, t(`group_${name}`, { n: found.length })),
      h("ul", { class: "list" }, found.map((each) => row(each))));
  }

  function row(ticket) {
    const counter = desk.counterOf(ticket.counter_id);
    const acts = [];
    const act = (text, what) => {
      const made = button(t(text), () => desk.say(ticket, what), { name: `${t(text)}: ${ticket.number}` });
      made.dataset.key = `${what}-${ticket.id}`;
      acts.push(made);
    };
    if (ticket.status === "skipped") {
      act("came_after_all", "back");
      if (ticket.calls >= 3) act("did_not_come", "no-show");
    }
    if (ticket.status === "waiting") act("left", "leave");
    const undone = ticket.undo_until && Date.parse(ticket.undo_until) > Date.now();
    if (undone && ["finished", "missed", "left", "skipped"].includes(ticket.status)) act("undo", "undo");
    return h("li", { class: "ticket" },
      h("strong", { class: "no" }, String(ticket.number)),
      h("span", {}, desk.nameOf(ticket.service),
        h("small", {}, [
          ticket.booked_for ? t("booked_at", { time: time(ticket.booked_for) }) : t("without_booking"),
          counter && t("counter", { code: counter.code }),
          ["serving", "finished", "missed", "left"].includes(ticket.status) && t(`status_${ticket.status}`),
        ].filter(Boolean).join(" · "))),
      ticket.priority && h("span", { class: "tag warn" }, t("priority_short")),
      ticket.language && h("span", { class: "tag" }, ticket.language),
      h("span", { class: "row" }, acts));
  }

  return { element, draw, leave: () => clearInterval(later) };
}
