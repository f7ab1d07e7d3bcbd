// For an agency: lawful requests of its own that two operators passed, and their answers while they can be had.

import { h, put } from "../shared/dom.js";
import { momentHere, t } from "../shared/i18n.js";
import { button, card, facts, nothing, show } from "../shared/ui.js";
import { spoken, words } from "./tables.js";

export default async function lawful(place, api) {
  await show(place, () => api.get("/v1/workstation/lawful-requests"), ({ items }) => [h("h2", {}, t("part_lawful")), h("p", { class: "dim" }, t("lawful_text")),
    items.length ? items.map((each) => one(each, api)) : nothing(t("none_yet"))]);
}

function one(request, api) {
  const answer = h("div", { class: "stack", role: "status" });
  return card(`${words(request.ground)} · ${request.case_number}`,
    facts([[t("fields"), request.categories.map(words).join(", ")], [t("until"), momentHere(request.expires_at)]]),
    button(t("get_answer"), async () => {
      const { fields } = await api.post(`/v1/workstation/lawful-requests/${request.id}/answer`);
      const told = Object.entries(fields).map(([name, value]) => [words(name), spoken(value)]);
      put(answer, told.length ? facts(told) : nothing(t("nothing_held")));
    }, { kind: "main", name: `${t("get_answer")}: ${request.case_number}` }), answer);
}
