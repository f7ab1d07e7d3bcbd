// Invitations of operators and auditors that wait for a second operator, who sees the other half of what lets them in.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { button, card, facts, nothing, show } from "../shared/ui.js";
import { words } from "./tables.js";

export default async function staff(place, api, own) {
  await show(place, () => api.everything("/v1/staff", {}, 200), (everybody) => {
    const waiting = everybody.filter((each) => each.to_confirm);
    return [h("h2", {}, t("part_staff")), h("p", {}, t("staff_text")), waiting.length ? waiting.map((each) => one(each, api, own)) : nothing(t("none_yet"))];
  });
}

function one({ account_id: id, login, role, invited_by: by }, api, own) {
  const half = h("div", { role: "status" });
  const confirm = button(t("confirm_invitation"), async () => {
    const { token } = await api.post(`/v1/staff/${id}/invitation/confirm`);
    confirm.remove();
    put(half, facts([[t("second_code"), h("code", {}, token)]]), h("p", { class: "warned" }, t("second_code_text")));
  }, { kind: "main", name: `${t("confirm_invitation")}: ${login}` });
  return card(`${login} · ${words(role)}`, by === own.account ? h("p", { class: "warned" }, t("second_needed_invitation")) : confirm, half);
}
