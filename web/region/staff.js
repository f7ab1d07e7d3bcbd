// Operators and auditors: one operator invites them and sees half of what lets them in, another confirms and sees the rest.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { button, card, choice, facts, field, form, nothing, show } from "../shared/ui.js";
import { words } from "./tables.js";

export default async function staff(place, api, own) {
  await show(place, () => api.everything("/v1/staff", {}, 200), (everybody) => {
    const waiting = everybody.filter((each) => each.to_confirm);
    return [h("h2", {}, t("part_staff")), h("p", {}, t("staff_text")), inviting(api), waiting.length ? waiting.map((each) => one(each, api, own)) : nothing(t("none_yet"))];
  });
}

const code = (label, token) => [facts([[t(label), h("code", {}, token)]]), h("p", { class: "warned" }, t("second_code_text"))];

function inviting(api) {
  const half = h("div", { role: "status" });
  const login = field(t("login"), h("input", { name: "login", autocomplete: "off", autocapitalize: "none", dir: "ltr", maxlength: 80 }));
  const roles = ["auditor", "region_operator"].map((each) => [each, words(each)]);
  return h("details", { class: "card" }, h("summary", {}, t("invite")), form(t("invite"), async (values) => {
    login.complain(values.login.trim() ? null : t("needed"));
    if (!values.login.trim()) { login.input.focus(); return; }
    const { token } = await api.post("/v1/staff", { login: values.login.trim(), role: values.role });
    put(half, code("invitation", token));
  }, login, field(t("role"), choice("role", roles, "auditor"))), half);
}

function one({ account_id: id, login, role, invited_by: by }, api, own) {
  const half = h("div", { role: "status" });
  const confirm = button(t("confirm_invitation"), async () => {
    const { token } = await api.post(`/v1/staff/${id}/invitation/confirm`);
    confirm.remove();
    put(half, code("second_code", token));
  }, { kind: "main", name: `${t("confirm_invitation")}: ${login}` });
  return card(`${login} · ${words(role)}`, by === own.account ? h("p", { class: "warned" }, t("second_needed_invitation")) : confirm, half);
}
