// What everybody may know of how data are used here. No sign-in, no names.

import { h, put } from "../shared/dom.js";
import { date, number, t } from "../shared/i18n.js";
import { card, nothing, show } from "../shared/ui.js";
import { table, words } from "./tables.js";

export default async function figures(place, api) {
  const [exchange, hidden, releases] = [h("div"), h("div"), h("div")];
  put(place, h("h2", {}, t("part_figures")), h("p", {}, t("figures_text")), exchange, hidden, releases);
  await Promise.all([
    show(exchange, () => api.get("/v1/figures/exchange"), (found) => card(t("exchange_figures"),
      found.uses.length ? table([t("way"), t("outcome"), t("times"), t("people")], found.uses.map((each) => [words(each.way), words(each.outcome), number(each.times), number(each.people)]))
        : nothing(t("none_yet")),
      table([t("lawful_ground"), t("asked"), t("approved"), t("declined")], found.requests.map((each) => [words(each.ground), number(each.asked), number(each.approved), number(each.declined)])),
      h("p", { class: "dim" }, t("alarms", { ever: number(found.alarms_ever), now: number(found.alarms_now) })))),
    show(hidden, () => api.get("/v1/figures/hidden-uses"), ({ items }) => card(t("hidden_figures"),
      table([t("lawful_ground"), t("ever"), t("now")], items.map((each) => [h("span", {}, words(each.ground), h("small", {}, each.citation)), number(each.ever), number(each.now)])))),
    show(releases, () => api.get("/v1/figures/releases"), ({ items }) => card(t("releases"), items.length
      ? table([t("what"), t("period"), t("ground")], items.map((each) => [words(each.family), `${date(each.starts_on)} – ${date(each.ends_on)}`, each.ground]))
      : nothing(t("none_yet")))),
  ]);
}
