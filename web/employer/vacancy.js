// One vacancy: its terms, what keeps it from being published, and whom the region has for it.

import { h, put } from "../shared/dom.js";
import { current, t } from "../shared/i18n.js";
import { button, nothing, say, show, sure } from "../shared/ui.js";
import { card } from "./cards.js";
import { about, standing } from "./terms.js";

export const vacancy = (place, app, id) =>
  show(place, () => app.api.get(`/v1/employer/vacancies/${id}`), (found) => {
    const refused = h("div");
    const people = h("div", { class: "stack" });
    if (found.status === "published") candidates(people, app, found);
    return [
      h("section", { class: "card" },
        h("div", { class: "spread" }, h("h2", {}, found.posting.title), standing(found.status)),
        h("p", {}, found.posting.description), about(found.posting, app.names), actions(app, found, refused), refused),
      people,
    ];
  });

function actions(app, { id, status }, refused) {
  const path = `/v1/employer/vacancies/${id}`;
  const publish = () => app.api.post(`${path}/publish`).then(() => {
    say(t("published"));
    return app.go("vacancy", id);
  }, (error) => {
    if (error.code !== "vacancy_refused") throw error;
    put(refused, faults(error));
  });
  const close = async () => {
    if (!(await sure(t("close_vacancy"), t("close_text"), t("close_vacancy")))) return;
    await app.api.post(`${path}/close`);
    await app.go("vacancy", id);
  };
  return h("div", { class: "row" },
    status === "draft" && button(t("publish"), publish, { kind: "main" }),
    status !== "closed" && button(t("change"), () => app.go("writing", id)),
    status !== "closed" && button(t("close_vacancy"), close, { kind: "danger" }),
    button(t("back"), () => app.go("vacancies"), { kind: "quiet" }));
}

/** Why a vacancy may not stand as it is: each place with the words, what is wrong with them, and the law. */
export const faults = (problem) => h("section", { class: "card bad", role: "alert" }, h("h3", {}, problem.message),
  h("ul", { class: "list" }, problem.body.reasons.map((each) => h("li", {},
    h("strong", {}, `«${each.words}»`),
    h("p", {}, each.reason[current() === "ru" ? "ru" : "en"] ?? each.reason.ru),
    each.law && h("small", {}, each.law)))));

const candidates = (people, app, { id, posting }) =>
  show(people, () => app.api.get(`/v1/employer/vacancies/${id}/candidates`), ({ items }) => [
    h("h3", {}, t("candidates")), h("p", { class: "dim" }, t("candidates_text")),
    items.length ? h("div", { class: "columns" }, items.map((each, place) => card(each, place + 1, app, posting)))
      : nothing(t("no_candidates")),
  ]);
