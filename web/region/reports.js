// Reports: what the dashboards are made of, as charts, tables and files.

import { save } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { current, date, dateHere, number, t } from "../shared/i18n.js";
import { button, card, choice, field, loading, nothing, show, trouble } from "../shared/ui.js";
import { subscriptions } from "./subscriptions.js";
import { table } from "./tables.js";

const language = () => (current() === "ru" ? "ru" : "en");

export default async function reports(place, api) {
  await show(place, () => api.get("/v1/reports"), ({ items }) => {
    const body = h("div", { class: "stack" });
    const which = choice("report", items.map((each) => [each.key, each.title]), items[0].key);
    which.addEventListener("change", () => open(body, api, which.value));
    open(body, api, items[0].key);
    return [h("div", { class: "row end" }, field(t("report"), which), ["pdf", "xlsx"].map((format) => download(api, which, format))),
      subscriptions(api, items), body];
  });
}

const download = (api, which, format) => button(t("download", { format: format.toUpperCase() }), async () => save(
  await api.file(`/v1/reports/${which.value}/file`, { format, language: language() }), `${which.value}.${format}`));

function open(place, api, key) {
  return show(place, () => api.get(`/v1/reports/${key}`), (report) => [h("p", { class: "dim" }, t("made_at", { day: dateHere(report.made_at) })),
    report.sections.map((section) => one(api, key, section))]);
}

function one(api, report, section) {
  const path = `/v1/reports/${report}/sections/${section.key}`;
  const picture = h("figure");
  if (section.chart && section.rows.length) {
    put(picture, loading());
    api.file(`${path}/chart`, { format: "svg", language: language() }).then((blob) => {
      const url = URL.createObjectURL(blob);
      Object.assign(picture, { className: "scroll", tabIndex: 0, role: "region", ariaLabel: section.title });
      put(picture, h("img", { src: url, alt: section.title, class: "chart", on: { load: () => URL.revokeObjectURL(url) } }));
    }).catch((error) => put(picture, trouble(error)));
  }
  return card(section.title, section.note && h("p", { class: "dim" }, section.note), picture,
    section.rows.length ? h("details", { open: !section.chart }, h("summary", {}, t("as_table")),
      table(section.columns.map((column) => column.title), section.rows.map((row) => row.map((cell, at) => shown(cell, section.columns[at].kind))), section.title),
      button(t("as_csv"), async () => save(await api.file(`${path}/table.csv`, { language: language() }), `${report}-${section.key}.csv`)))
      : nothing(t("none_yet")));
}

/** Null is withheld: too few people are behind it. */
function shown(cell, kind) {
  if (cell === null) return h("span", { class: "dim" }, t("withheld"));
  if (kind === "share") return `${number(Math.round(cell * 1000) / 10)} %`;
  if (kind === "date") return date(cell);
  return typeof cell === "number" ? number(Math.round(cell * 100) / 100) : cell;
}

