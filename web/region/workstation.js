// An agency's workstation: one person at a time, named exactly, within an agreement; lists and files where agreed.

import { h, put } from "../shared/dom.js";
import { date, t } from "../shared/i18n.js";
import { Problem } from "../shared/http.js";
import { button, card, choice, facts, field, form, nothing, show } from "../shared/ui.js";
import { save } from "../shared/api.js";
import { words } from "./tables.js";

export default async function workstation(place, api) {
  await show(place, () => api.get("/v1/workstation"), (found) => [h("h2", {}, found.name.ru ?? found.name.en), h("p", {}, t("seen_by_them")),
    found.agreements.length ? found.agreements.map((each) => one(each, api)) : nothing(t("no_agreement")), files(api)]);
}

function one(agreement, api) {
  const answer = h("div", { class: "stack", "aria-live": "polite" });
  const terms = { agreement_id: agreement.agreement_id };
  return card(words(agreement.purpose), facts([[t("ground"), agreement.citation], [t("fields"), agreement.fields.map(words).join(", ")], [t("until"), date(agreement.valid_to)],
    [t("kept_days"), agreement.retention_days]]),
  agreement.searches.includes("migrant_id") && form(t("look_up"), async (values) => {
    const body = { ...terms, person: { by: "migrant_id", migrant_id: values.migrant_id.trim() }, case_reference: values.case_reference || null, reason: values.reason || null };
    try {
      const { fields } = await api.post("/v1/workstation/look-ups", body);
      put(answer, person(fields));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "nothing_held") throw error;
      put(answer, nothing(error.message));
    }
  }, field(t("migrant_id"), h("input", { name: "migrant_id", required: true, autocomplete: "off", dir: "ltr" })),
  field(t("case"), h("input", { name: "case_reference", autocomplete: "off" })), field(t("reason"), h("input", { name: "reason", autocomplete: "off" }))),
  agreement.lists.length > 0 && form(t("list"), async (values) => {
    const page = await api.post("/v1/workstation/lists", { ...terms, kind: values.kind, reason: values.reason || null });
    put(answer, page.items.length ? page.items.map(person) : nothing(t("none_yet")));
  }, field(t("list"), choice("kind", agreement.lists.map((each) => [each, words(each)]), agreement.lists[0])), field(t("reason"), h("input", { name: "reason", autocomplete: "off" }))), answer);
}

const text = (value) => (Array.isArray(value) ? value.map(text).join(", ") : value !== null && typeof value === "object"
  ? Object.values(value).map(text).filter(Boolean).join(" ") : value === null ? "" : String(value));
const person = (fields) => h("div", { class: "card" }, facts(Object.entries(fields).map(([name, value]) => [words(name), text(value)])));

function files(api) {
  const list = h("div");
  show(list, () => api.get("/v1/workstation/files"), ({ items }) => items.length > 0 && card(t("files"), items.map((each) => h("div", { class: "spread" },
    h("span", {}, `№ ${each.number} · ${date(each.made_at)}`), button(t("fetch"), async () => {
      const found = await api.post(`/v1/workstation/files/${each.id}/fetch`);
      save(new Blob([JSON.stringify(found, null, 1)], { type: "application/json" }), `file-${each.number}.json`);
    })))));
  return list;
}
