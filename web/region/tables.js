// Tables with a heading for each column, that scroll by themselves on a small screen.

import { h } from "../shared/dom.js";
import { current, has, t } from "../shared/i18n.js";

export const table = (columns, rows, caption = null) => h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption ?? columns.join(", ") },
  h("table", {}, caption && h("caption", {}, caption), h("thead", {}, h("tr", {}, columns.map((each) => h("th", { scope: "col" }, each)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));

/** A code of the API in words: a text of ours, or the code's own words. */
export const words = (code) => (code === null || code === undefined ? "—" : has(`code_${code}`) ? t(`code_${code}`) : code.replaceAll("_", " "));

/** A name that the region has in Russian and English. */
export const nameIn = (name) => (current() === "ru" ? name.ru ?? name.en : name.en ?? name.ru) ?? Object.values(name)[0];

/** What an answer holds, in words: lists and parts one after another. */
export const spoken = (value) => (Array.isArray(value) ? value.map(spoken).join(", ") : value !== null && typeof value === "object"
  ? Object.values(value).map(spoken).filter(Boolean).join(" ") : value === null || value === undefined ? "" : has(`code_${value}`) ? t(`code_${value}`) : String(value));

/** From today to a day of the API: below zero when it is over. */
export const daysTo = (day) => {
  const now = new Date();
  return Math.round((Date.parse(`${day.slice(0, 10)}T00:00:00Z`) - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / 86_400_000);
};
