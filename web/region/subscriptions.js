// Reports that come by e-mail, to an address that a code has shown to be one's own.

import { h } from "../shared/dom.js";
import { current, momentHere, t } from "../shared/i18n.js";
import { button, choice, facts, field, form, nothing, say, show, sure } from "../shared/ui.js";

const RHYTHMS = ["weekly", "monthly", "daily"];
const HOURS = Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, "0")}:00`]);
const CODE = /^\d{8}$/;

/** Asked for when it is opened. `reports`: each a key and a title. */
export function subscriptions(api, reports) {
  const titles = Object.fromEntries(reports.map((each) => [each.key, each.title]));
  const list = h("div", { class: "stack", "aria-live": "polite" });
  const box = h("details", { class: "card" }, h("summary", {}, t("by_mail")), h("div", { class: "stack" },
    h("p", { class: "dim" }, t("by_mail_text")), list, asking()));
  box.addEventListener("toggle", () => { if (box.open && !list.childNodes.length) draw(); });
  return box;

  function draw() {
    return show(list, () => api.get("/v1/report-subscriptions"), ({ items }) =>
      (items.length ? h("ul", { class: "list" }, items.map(one)) : nothing(t("none_yet"))));
  }

  function one(each) {
    const { id, report, address } = each;
    return h("li", { class: "stack" },
      h("div", { class: "spread" }, h("strong", {}, titles[report] ?? report), h("span", { class: `tag ${each.confirmed ? "" : "warn"}` }, t(each.confirmed ? "mail_comes" : "mail_waits"))),
      facts([[t("mail_address"), h("bdi", { dir: "ltr" }, address)], [t("rhythm"), `${t(`rhythm_${each.rhythm}`)}, ${HOURS[each.hour][1]} · ${each.format.toUpperCase()}`],
        [t("mail_next"), each.next_due && momentHere(each.next_due)], [t("mail_last"), each.last_sent && momentHere(each.last_sent)]]),
      !each.confirmed && confirming(id),
      h("div", { class: "row" }, button(t("mail_end"), async () => {
        if (!(await sure(t("mail_end"), titles[report] ?? report, t("mail_end")))) return;
        await api.remove(`/v1/report-subscriptions/${id}`);
        await draw();
      }, { kind: "quiet", name: `${t("mail_end")}: ${titles[report] ?? report}` })));
  }

  function confirming(id) {
    const code = field(t("mail_code"), h("input", { name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 8, dir: "ltr" }), t("mail_code_hint"));
    return form(t("mail_confirm"), async (values) => {
      const typed = values.code.trim();
      code.complain(CODE.test(typed) ? null : t("mail_code_hint"));
      if (!CODE.test(typed)) { code.input.focus(); return; }
      await api.post(`/v1/report-subscriptions/${id}/confirm`, { code: typed });
      say(t("saved"));
      await draw();
    }, code);
  }

  function asking() {
    const address = field(t("mail_address"), h("input", { name: "address", type: "email", dir: "ltr", autocomplete: "email", maxlength: 254 }));
    return form(t("mail_ask"), async (values) => {
      const right = address.input.validity.valid && values.address.trim();
      address.complain(right ? null : t("mail_address_wrong"));
      if (!right) { address.input.focus(); return; }
      await api.post("/v1/report-subscriptions", { report: values.subscribed, format: values.format, language: values.in,
        rhythm: values.rhythm, hour: Number(values.hour), address: values.address.trim() });
      say(t("mail_asked"));
      address.input.value = "";
      await draw();
    },
    field(t("report"), choice("subscribed", Object.entries(titles), reports[0].key)),
    h("div", { class: "row end" },
      field(t("rhythm"), choice("rhythm", RHYTHMS.map((each) => [each, t(`rhythm_${each}`)]), RHYTHMS[0])),
      field(t("hour"), choice("hour", HOURS, "8")),
      field(t("format"), choice("format", [["pdf", "PDF"], ["xlsx", "XLSX"]], "pdf")),
      field(t("language"), choice("in", [["ru", "Русский"], ["en", "English"]], current() === "ru" ? "ru" : "en"))),
    address);
  }
}
