// Whoever hosts somebody: with the code that they were given they see whom and what it is about, and confirm it.

import { h, put } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { button, card, field, form } from "../../shared/ui.js";
import { today } from "./entry.js";

export default function host(place, app) {
  const code = field(t("host_code"), h("input", { name: "code", dir: "ltr", maxlength: 20, autocomplete: "off", autocapitalize: "characters" }), t("host_text"));
  const found = h("div", { class: "stack", "aria-live": "polite" });
  put(place, card(t("host_title"), form(t("go_on"), async (values) => {
    put(found);
    code.complain(values.code.trim() ? null : t("host_text"));
    if (!values.code.trim()) { code.input.focus(); return; }
    put(found, asked(await app.api.post("/v1/host/invitations/read", { code: values.code }), values.code, app, place));
  }, code)), found, button(t("sign_out"), () => app.session.signOut(), { kind: "quiet" }));
  code.input.focus();
}

function asked(about, code, app, place) {
  const on = field(t("filed_on"), h("input", { type: "date", name: "on", max: today() }));
  return card(about.title, h("p", {}, t("host_asks", { name: about.name ?? "—" })),
    form(t("confirm"), async (values) => {
      on.complain(values.on ? null : t("filed_on"));
      if (!values.on) { on.input.focus(); return; }
      await app.api.post("/v1/host/invitations/confirm", { code, on: values.on, number: values.number.trim() || null });
      put(place, card(t("host_title"), h("p", { class: "good", role: "status" }, t("host_thanks")), button(t("host_next"), () => app.go("host"))),
        button(t("sign_out"), () => app.session.signOut(), { kind: "quiet" }));
    }, on, field(t("filed_number"), h("input", { name: "number", dir: "ltr", maxlength: 40, autocomplete: "off" }))));
}
