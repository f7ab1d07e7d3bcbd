// Staff sign in: login, password, and the six digits of their authenticator; by an invitation for the first time.

import { h, put } from "./dom.js";
import { send } from "./http.js";
import { t } from "./i18n.js";
import { claimsOf } from "./session.js";
import { button, card, facts, field, form } from "./ui.js";

/** The form. `roles`: whom the page is for; `then` is called when one of them is in. */
export function signIn(session, roles, then) {
  const place = h("div", { class: "narrow" });
  put(place, entrance());
  return place;

  function entrance() {
    const login = field(t("login"), h("input", { name: "login", autocomplete: "username", required: true,
      autocapitalize: "none", spellcheck: "false" }));
    const password = field(t("password"), h("input", { name: "password", type: "password",
      autocomplete: "current-password", required: true }));
    const totp = field(t("totp"), h("input", { name: "totp", inputmode: "numeric", autocomplete: "one-time-code",
      pattern: "[0-9]{6}", maxlength: 6, required: true }), t("totp_hint"));
    return card(t("sign_in"),
      form(t("sign_in"), async (values) => {
        await session.signIn(values.login.trim(), values.password, values.totp.trim());
        const { role } = claimsOf(await session.token());
        if (roles.length && !roles.includes(role)) {
          session.onEnd = () => {};
          await session.signOut();
          totp.complain(t("other_role"));
          return;
        }
        await then();
      }, login, password, totp),
      button(t("have_invitation"), () => put(place, enrolment()), { kind: "quiet" }));
  }

  function enrolment() {
    const token = field(t("invitation"), h("input", { name: "token", autocomplete: "off", required: true }));
    const second = field(t("second_code"), h("input", { name: "second", autocomplete: "off" }), t("second_code_hint"));
    const password = field(t("new_password"), h("input", { name: "password", type: "password", minlength: 12,
      autocomplete: "new-password", required: true }), t("new_password_hint"));
    return card(t("have_invitation"),
      form(t("go_on"), async (values) => {
        const body = { token: values.token.trim(), second_token: values.second.trim(), password: values.password };
        const made = await (await send("POST", "/v1/auth/enrolments", { body })).json();
        put(place, card(t("authenticator"), h("p", {}, t("authenticator_text")),
          facts([[t("login"), made.login], [t("secret"), h("code", {}, made.totp_secret)]]),
          button(t("go_on"), () => put(place, entrance()), { kind: "main" })));
      }, token, second, password),
      button(t("back"), () => put(place, entrance()), { kind: "quiet" }));
  }
}
