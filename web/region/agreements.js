// What agencies may be told, by agreement: proposed by one operator, approved by another; and whose look-ups were stopped.

import { h } from "../shared/dom.js";
import { dateHere, t } from "../shared/i18n.js";
import { button, card, facts, nothing, say, show, sure } from "../shared/ui.js";
import { alarms } from "./alarms.js";
import { proposing } from "./proposing.js";
import { nameIn, words } from "./tables.js";

export default async function agreements(place, api, own) {
  const again = () => agreements(place, api, own);
  const operator = own.role === "region_operator";
  await show(place, async () => {
    const [found, { items: agencies }, stopped, services] = await Promise.all([api.get("/v1/exchange/agreements"), api.get("/v1/exchange/agencies"),
      api.get("/v1/exchange/alarms"), operator ? api.get("/v1/services") : { items: [] }]);
    return { items: found.items, agencies, stopped: stopped.items, services: services.items };
  }, ({ items, agencies, stopped, services }) => {
    const names = Object.fromEntries(agencies.map((each) => [each.organisation_id, nameIn(each.name)]));
    return [alarms(stopped, names, api, own, again), h("h2", {}, t("part_agreements")), h("p", { class: "dim" }, t("agreements_text")),
      operator && proposing(api, agencies, services, again),
      items.length ? waitingFirst(items).map((each) => one(each, names, api, own, again)) : nothing(t("none_yet"))];
  });
}

/** What somebody has to approve stands first. */
const waitingFirst = (items) => [...items].sort((some, other) => (other.status === "proposed") - (some.status === "proposed"));

function one({ id, version, agency_id: agency, status, proposed_by: proposer, terms }, names, api, own, again) {
  return card(`${names[agency] ?? agency} · ${t("version", { n: version })}`, h("span", { class: "tag" }, words(status)),
    facts([[t("purpose"), words(terms.purpose)], [t("ground"), `${words(terms.basis)}: ${terms.citation}`], [t("fields"), terms.fields.map(words).join(", ")],
      [t("people"), [words(terms.people), terms.codes.map(words).join(", ")].filter(Boolean).join(": ")], [t("way"), terms.ways.map(words).join(", ")], [t("every_hours"), terms.every_hours], [t("steps_told"), terms.steps.map(words).join(", ")],
      [t("period"), `${dateHere(terms.valid_from)} – ${dateHere(terms.valid_to)}`], [t("kept_days"), terms.retention_days]]),
    status === "proposed" && proposer === own.account && h("p", { class: "warned" }, t("second_needed_agreement")),
    own.role === "region_operator" && h("div", { class: "row" },
      status === "proposed" && proposer !== own.account && button(t("approve"), async () => {
        await api.post(`/v1/exchange/agreements/${id}/versions/${version}/approve`);
        say(t("saved"));
        await again();
      }, { kind: "main" }),
      ["in_force", "to_come"].includes(status) && button(t("revoke"), async () => {
        if (!(await sure(t("revoke"), terms.citation, t("revoke")))) return;
        await api.post(`/v1/exchange/agreements/${id}/revoke`);
        await again();
      }, { kind: "danger" })));
}
