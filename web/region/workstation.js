// An agency's workstation: one person at a time, named exactly, within an agreement; lists and files where agreed.

import { h, put } from "../shared/dom.js";
import { dateHere, t } from "../shared/i18n.js";
import { Problem } from "../shared/http.js";
import { button, card, choice, facts, field, form, nothing, show } from "../shared/ui.js";
import { save } from "../shared/api.js";
import { nameIn, words } from "./tables.js";

export default async function workstation(place, api) {
  await show(place, () => api.get("/v1/workstation"), (found) => [h("h2", {}, nameIn(found.name)), h("p", {}, t("seen_by_them")),
    found.agreements.length ? found.agreements.map((each) => one(each, api)) : nothing(t("no_agreement")), files(api)]);
}

function one(agreement, api) {
  const answer = h("div", { class: "stack", "aria-live": "polite" });
  const terms = { agreement_id: agreement.agreement_id };
  return card(words(agreement.purpose), facts([[t("ground"), agreement.citation], [t("fields"), agreement.fields.map(words).join(", ")], [t("until"), dateHere(agreement.valid_to)],
    [t("kept_days"), agreement.retention_days]]),
  agreement.searches.includes("migrant_id") && form(t("look_up"), async (values) => {
    const named = { by: "migrant_id", migrant_id: values.migrant_id.trim() };
    try {
      const { fields } = await api.post("/v1/workstation/look-ups", { ...terms, ...said(values), person: named });
      put(answer, person(fields));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "nothing_held") throw error;
      put(answer, nothing(error.message));
    }
  }, field(t("migrant_id"), h("input", { name: "migrant_id", required: true, autocomplete: "off", dir: "ltr" })),
  ...why()),
  agreement.lists.length > 0 && form(t("list"), (values) => pages({ ...terms, ...said(values), kind: values.kind }, answer, api),
    field(t("list"), choice("kind", agreement.lists.map((each) => [each, words(each)]), agreement.lists[0])), ...why()), answer);
}

/** Without both of them nothing is told, and that is counted. */
const why = () => [field(t("case"), h("input", { name: "case_reference", required: true, maxlength: 80, autocomplete: "off" })),
  field(t("reason"), h("input", { name: "reason", required: true, maxlength: 300, autocomplete: "off" }))];
const said = (values) => ({ case_reference: values.case_reference.trim() || null, reason: values.reason.trim() || null });

/** A list, a page at a time: everybody on a page sees that they were looked at, so that the next one comes when it is asked for. */
async function pages(wanted, answer, api) {
  const list = h("div", { class: "stack" });
  let next = null;
  const fetch = async () => {
    const page = await api.post("/v1/workstation/lists", { ...wanted, cursor: next });
    list.append(...page.items.map(person));
    next = page.next;
    if (!next) more.remove();
  };
  const more = button(t("more"), fetch);
  await fetch();
  put(answer, list.children.length || next ? list : nothing(t("none_yet")), next && more);
}

const text = (value) => (Array.isArray(value) ? value.map(text).join(", ") : value !== null && typeof value === "object"
  ? Object.values(value).map(text).filter(Boolean).join(" ") : value === null ? "" : String(value));
const person = (fields) => h("div", { class: "card" }, facts(Object.entries(fields).map(([name, value]) => [words(name), text(value)])));

function files(api) {
  const list = h("div");
  show(list, () => api.get("/v1/workstation/files"), ({ items }) => items.length > 0 && card(t("files"), items.map((each) => h("div", { class: "spread" },
    h("span", {}, `№ ${each.number} · ${dateHere(each.made_at)}`), button(t("fetch"), async () => {
      const found = await api.post(`/v1/workstation/files/${each.id}/fetch`);
      save(new Blob([JSON.stringify(found, null, 1)], { type: "application/json" }), `file-${each.number}.json`);
    })))));
  return list;
}
