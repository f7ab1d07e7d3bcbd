// The company's requests for contacts, and how they stand.

import { h } from "../shared/dom.js";
import { dateHere, t } from "../shared/i18n.js";
import { button, nothing, show } from "../shared/ui.js";
import { contacts } from "./cards.js";

export const requests = (place, app) => show(place, () => app.api.everything("/v1/employer/requests"), (items) => [
  h("h2", {}, t("tab_requests")), h("p", { class: "dim" }, t("requests_text")),
  items.length ? h("div", { class: "columns" }, items.map((each) => card(each, app))) : nothing(t("no_requests")),
]);

const card = (each, app) => h("section", { class: "card" },
  h("h3", {}, each.title),
  h("span", { class: `tag ${each.state === "agreed" ? "" : "warn"}` }, t(`request_${each.state}`)),
  h("p", {}, t("asked_on", { day: dateHere(each.asked_at), until: dateHere(each.expires_at) })),
  each.state === "agreed" && contacts(each.card_id, app),
  button(t("open_vacancy"), () => app.go("vacancy", each.vacancy_id), { kind: "quiet" }));
