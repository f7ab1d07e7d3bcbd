// Accounts of agencies whose look-ups were stopped, until an operator lets them look up again.

import { h } from "../shared/dom.js";
import { momentHere, t } from "../shared/i18n.js";
import { button, facts, say, sure } from "../shared/ui.js";
import { words } from "./tables.js";

/** `names`: of agencies, by id. Nothing where no alarm waits. */
export const alarms = (items, names, api, own, again) => [h("h2", {}, t("alarms_title")), h("p", { class: "dim" }, t("alarms_text")),
  items.length ? items.map((each) => one(each, names, api, own, again)) : h("p", {}, t("alarms_none"))];

function one(alarm, names, api, own, again) {
  const who = names[alarm.agency_id] ?? alarm.agency_id;
  return h("section", { class: "card warn" }, h("h3", {}, who), h("p", {}, words(`alarm_${alarm.kind}`)),
    facts([[t("when"), momentHere(alarm.at)], [t("account"), h("code", { dir: "ltr" }, alarm.account_id)]]),
    own.role === "region_operator" && h("div", { class: "row" }, button(t("alarm_settle"), async () => {
      if (!(await sure(t("alarm_settle"), t("alarm_settle_text", { agency: who }), t("alarm_settle"), { kind: "main" }))) return;
      await api.post(`/v1/exchange/alarms/${alarm.id}/settle`);
      say(t("saved"));
      await again();
    }, { kind: "main", name: `${t("alarm_settle")}: ${who}` })));
}
