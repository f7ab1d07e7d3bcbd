// When and why the person came: the day from which deadlines are counted.

import { h, put } from "../../shared/dom.js";
import { date, t } from "../../shared/i18n.js";
import { button, card, choice, field, form, say, sure, show } from "../../shared/ui.js";
import { expired } from "../parts/expired.js";

const PURPOSES = ["work", "study", "family", "visit", "resettlement", "asylum", "diplomatic", "other"];
export const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

export default async function entry(place, app) {
  const entered = field(t("entered_on"), h("input", { type: "date", name: "entered_on", max: today(), required: true }),
    t("entered_hint"));
  const purpose = field(t("purpose"), choice("purpose", PURPOSES.map((each) => [each, t(`purpose_${each}`)]), "work"));
  const visa = h("div", { class: "tick" }, h("input", { type: "checkbox", name: "visa", id: "visa" }),
    h("label", { for: "visa" }, t("with_visa")));
  const before = h("div");
  // Whoever has just given a passport comes here: what is to be said of it is said here.
  put(place, expired((await app.atHand("/v1/me")).data), card(t("entry_title"), h("p", {}, t("entry_text")),
    form(t("save"), async (values) => {
      if (!values.entered_on) {
        entered.complain(t("entered_hint"));
        return;
      }
      await app.api.post("/v1/me/entries", { entered_on: values.entered_on, purpose: values.purpose, visa: "visa" in values });
      say(t("saved"));
      app.go("path");
    }, entered, purpose, visa)), before);
  await show(before, async () => (await app.newest("/v1/me/entries")).data, ({ items }) => items.length > 0 && card(
    t("entries_before"), h("ul", { class: "list" }, items.map((each) => h("li", {},
      h("span", {}, `${date(each.entered_on)} · ${t(`purpose_${each.purpose}`)}`),
      each.left_on && h("small", {}, t("left_on", { day: date(each.left_on) })),
      button(t("entry_mistake"), async () => {
        if (!(await sure(t("entry_mistake"), date(each.entered_on), t("yes")))) return;
        await app.api.remove(`/v1/me/entries/${each.id}`);
        app.go("entry");
      }, { kind: "quiet" }))))));
}
