// What agencies may be told, by agreement: proposed by one operator, approved by another.

import { h } from "../shared/dom.js";
import { date, t } from "../shared/i18n.js";
import { button, card, facts, nothing, say, show, sure } from "../shared/ui.js";
import { nameIn, words } from "./tables.js";

export default async function agreements(place, api, own) {
  const again = () => agreements(place, api, own);
  await show(place, async () => {
    const [found, agencies] = await Promise.all([api.get("/v1/exchange/agreements"), api.get("/v1/exchange/agencies")]);
    return { items: found.items, names: Object.fromEntries(agencies.items.map((each) => [each.organisation_id, nameIn(each.name)])) };
  }, ({ items, names }) => [h("h2", {}, t("part_agreements")), h("p", { class: "dim" }, t("agreements_text")), items.length ? items.map((each) => one(each, names, api, own, again)) : nothing(t("none_yet"))]);
}

function one({ id, version, agency_id: agency, status, proposed_by: proposer, terms }, names, api, own, again) {
  return card(`${names[agency] ?? agency} · ${t("version", { n: version })}`, h("span", { class: "tag" }, words(status)),
    facts([[t("purpose"), words(terms.purpose)], [t("ground"), `${words(terms.basis)}: ${terms.citation}`], [t("fields"), terms.fields.map(words).join(", ")],
      [t("people"), [words(terms.people), terms.codes.map(words).join(", ")].filter(Boolean).join(": ")], [t("way"), terms.ways.map(words).join(", ")],
      [t("period"), `${date(terms.valid_from)} – ${date(terms.valid_to)}`], [t("kept_days"), terms.retention_days]]),
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
