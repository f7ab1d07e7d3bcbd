// The counters that visitors are called to: their sign, what they give, which languages are spoken there.

import { h, put } from "../shared/dom.js";
import { LANGUAGES, t } from "../shared/i18n.js";
import { button, card, field, form, say } from "../shared/ui.js";

export function windows(point, counters, given) {
  const place = h("div", {});
  list();
  return place;

  function list() {
    put(place, card(t("windows"), counters.length > 0 && h("ul", { class: "list" }, counters.map((each) =>
      h("li", { class: "spread" },
        h("span", {}, h("strong", {}, each.code), " ", h("bdi", {}, each.name[document.documentElement.lang] ?? each.name.en ?? ""),
          h("small", {}, each.services.map(point.nameOf).join(", "))),
        h("span", { class: "row" }, each.retired ? h("span", { class: "tag" }, t("given_up")) : each.open && h("span", { class: "tag" }, t("open_now")),
          button(t("change"), () => edit(each), { name: `${t("change")}: ${each.code}` }))))),
    button(t("add_window"), () => edit(null))));
  }

  function edit(counter) {
    const box = (name, value, text, checked) => h("label", { class: "pick" },
      h("input", { type: "checkbox", name, value, checked }), h("span", {}, text));
    const code = field(t("window_code"), h("input", { name: "code", value: counter?.code ?? "", maxlength: 10, dir: "ltr",
      pattern: "[0-9A-Za-z-]+", readonly: counter !== null, required: true }), t("window_code_hint"));
    const services = h("fieldset", {}, h("legend", {}, t("services")),
      [...new Set([...given, ...(counter?.services ?? [])])].map((code) =>
        box("services", code, point.nameOf(code), counter?.services.includes(code))));
    const fault = h("p", { class: "fault", role: "alert", hidden: true }, t("service_needed"));
    put(place, card(counter ? t("counter", { code: counter.code }) : t("add_window"), form(t("save"), async (values, element) => {
      const all = new FormData(element);
      fault.hidden = all.getAll("services").length > 0;
      code.complain(/^[0-9A-Za-z-]+$/.test(values.code) ? null : t("window_code_hint"));
      if (!fault.hidden || !/^[0-9A-Za-z-]+$/.test(values.code)) return;
      const name = Object.fromEntries(["ru", "en"].map((tag) => [tag, values[`name_${tag}`].trim()]).filter(([, text]) => text));
      await point.api.put(`/v1/points/${point.id}/counters/${encodeURIComponent(values.code)}`, {
        name, services: all.getAll("services"), languages: all.getAll("languages"), retired: values.retired === "on",
      });
      say(t("saved"));
      await point.again();
    },
    code, field(t("sign_ru"), h("input", { name: "name_ru", value: counter?.name.ru ?? "", maxlength: 80, lang: "ru" })),
    field(t("sign_en"), h("input", { name: "name_en", value: counter?.name.en ?? "", maxlength: 80, lang: "en", dir: "ltr" })),
    services, fault,
    h("fieldset", {}, h("legend", {}, t("languages_spoken")),
      LANGUAGES.map(([tag, text]) => box("languages", tag, h("span", { lang: tag }, text), counter?.languages.includes(tag)))),
    counter && box("retired", "on", t("give_up"), counter.retired)),
    button(t("back"), list)));
    place.querySelector("input:not([readonly])")?.focus();
  }
}
