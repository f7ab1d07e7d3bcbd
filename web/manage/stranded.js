// Visits that a change would leave without a counter: when, and for what. Whose they are nobody here needs to know.

import { h } from "../shared/dom.js";
import { day, t, time } from "../shared/i18n.js";
import { button } from "../shared/ui.js";

const SHOWN = 100;

export function stranded(visits, nameOf) {
  if (!visits.length) return h("p", { class: "good" }, t("strands_nobody"));
  const days = Map.groupBy
    ? Map.groupBy(visits, (each) => each.starts_at.slice(0, 10)) : grouped(visits);
  return h("div", { class: "stack" }, h("p", {}, h("strong", {}, t("strands", { n: visits.length }))),
    [...days].slice(0, SHOWN).map(([first, found]) => h("div", {}, h("h3", {}, day(first)),
      h("ul", { class: "times" }, found.map((each) => h("li", {}, `${time(each.starts_at)} ${nameOf(each.service)}`))))));
}

function grouped(visits) {
  const days = new Map();
  for (const each of visits) {
    const key = each.starts_at.slice(0, 10);
    days.set(key, [...(days.get(key) ?? []), each]);
  }
  return days;
}

/**
 * Shows what a change would do, and asks. `changed`: what a preview answered; `apply` makes the change. What is made is
 * what was shown: a visit that came in between needs another look.
 */
export function asked(changed, nameOf, text, apply, back) {
  return h("section", { class: `card ${changed.affected.length ? "warn" : ""}`, role: "region", "aria-label": t("what_changes") },
    h("h2", { tabindex: "-1" }, t("what_changes")),
    h("p", {}, t("days_changed", { n: changed.days })),
    stranded(changed.affected, nameOf),
    changed.affected.length > 0 && h("p", {}, t("strands_text")),
    h("div", { class: "row" }, button(text, apply, { kind: changed.affected.length ? "danger" : "main" }),
      button(t("back"), back)));
}
