// The company's vacancies.

import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { button, nothing, show } from "../shared/ui.js";
import { named, pay, standing } from "./terms.js";

const ORDER = ["published", "draft", "closed"];

export const vacancies = (place, app) => show(place, async () => ({
  company: await app.api.get("/v1/employer/company"),
  items: await app.api.everything("/v1/employer/vacancies"),
}), ({ company, items }) => [
  h("div", { class: "spread" }, h("h2", {}, named(company.name)),
    button(t("new_vacancy"), () => app.go("writing", null), { kind: "main" })),
  items.length ? h("div", { class: "columns" }, sorted(items).map((each) => card(each, app))) : nothing(t("no_vacancies")),
]);

const sorted = (items) => [...items].sort((one, other) =>
  ORDER.indexOf(one.status) - ORDER.indexOf(other.status) || other.created_at.localeCompare(one.created_at));

const card = ({ id, status, posting }, app) => h("section", { class: "card" },
  h("div", { class: "spread" }, h("h3", {}, posting.title), standing(status)),
  h("p", {}, `${posting.jobLocation.address.addressLocality} · ${pay(posting.baseSalary)}`),
  button(t("open"), () => app.go("vacancy", id), { name: `${t("open")}: ${posting.title}` }));
