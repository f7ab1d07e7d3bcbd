// Companies that ask to be let in as employers, and those that are.

import { h } from "../shared/dom.js";
import { dateHere, t } from "../shared/i18n.js";
import { button, card, facts, field, nothing, say, show } from "../shared/ui.js";
import { words } from "./tables.js";

export default async function companies(place, api) {
  const again = () => companies(place, api);
  await show(place, () => api.everything("/v1/companies"), (items) => (items.length ? items.map((each) => one(each, api, again)) : nothing(t("none_yet"))));
}

function one(company, api, again) {
  const reason = field(t("reason"), h("input", { minlength: 3, maxlength: 500 }));
  return card(company.name.ru === company.name.en ? company.name.ru : `${company.name.ru} · ${company.name.en}`,
    facts([[t("number"), `${company.number_kind.toUpperCase()} ${company.number}`], [t("state"), words(company.status)],
      [t("applied"), dateHere(company.applied_at)], [t("contact"), `${company.contact.name}, ${company.contact.email}, ${company.contact.phone}`], [t("reason"), company.reason]]),
    h("div", { class: "row" },
      company.status !== "approved" && button(t("approve"), async () => { await api.post(`/v1/companies/${company.id}/approve`); say(t("saved")); await again(); }, { kind: "main" })),
    company.status !== "refused" && company.status !== "suspended" && h("details", {}, h("summary", {}, company.status === "approved" ? t("suspend") : t("turn_away")), reason,
      button(company.status === "approved" ? t("suspend") : t("turn_away"), async () => {
        const why = reason.input.value.trim();
        reason.complain(why.length < 3 ? t("say_why") : null);
        if (why.length < 3) return;
        await api.post(`/v1/companies/${company.id}/refuse`, { reason: why });
        await again();
      }, { kind: "danger" })));
}
