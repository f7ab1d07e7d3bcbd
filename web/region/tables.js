// Tables with a heading for each column, that scroll by themselves on a small screen.

import { h } from "../shared/dom.js";
import { has, t } from "../shared/i18n.js";

export const table = (columns, rows, caption = null) => h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption ?? columns.join(", ") },
  h("table", {}, caption && h("caption", {}, caption), h("thead", {}, h("tr", {}, columns.map((each) => h("th", { scope: "col" }, each)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));

/** A code of the API in words: a text of ours, or the code's own words. */
export const words = (code) => (code === null || code === undefined ? "—" : has(`code_${code}`) ? t(`code_${code}`) : code.replaceAll("_", " "));
