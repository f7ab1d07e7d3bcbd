// Days left, as a number, a bar and a word.

import { h } from "../../shared/dom.js";
import { date, t } from "../../shared/i18n.js";

const DAY = 86_400_000;
const WHOLE = 30;

/** Days from one day to another: «2026-12-01» minus «2026-11-26» is 5. */
export const between = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Until when, and how long that is. */
export function daysLeft(deadline, today, label = null) {
  const left = between(today, deadline);
  const words = left < 0 ? t("days_late", { n: -left }) : left === 0 ? t("last_day") : t("days_left", { n: left });
  const kind = left < 0 ? "bad" : left <= 7 ? "warned" : "good";
  return h("div", { class: "left" },
    h("span", {}, label ?? t("until", { day: date(deadline) })), h("strong", { class: kind }, words),
    left >= 0 && h("meter", { min: 0, max: WHOLE, low: 7, high: 14, optimum: WHOLE, value: Math.min(left, WHOLE), "aria-label": words }));
}
