// Signing in by a code: one number, one SMS.

import { h, put } from "../../shared/dom.js";
import { Problem, send } from "../../shared/http.js";
import { t } from "../../shared/i18n.js";
import { international } from "../../shared/phone.js";
import { button, card, field, form, tick } from "../../shared/ui.js";

export default function signIn(place, app) {
  let role = "migrant";
  const box = h("div", { class: "narrow" });
  put(place, box);
  byNumber();

  function byNumber(given = "+7 ") {
    const phone = field(t("phone"), h("input", { name: "phone", type: "tel", autocomplete: "tel", value: given,
      dir: "ltr", required: true }), t("phone_hint"));
    put(box, card(t("welcome"), h("p", {}, t("welcome_text")),
      form(t("send_code"), async ({ phone: typed }) => {
        const number = international(typed);
        try {
          const sent = await (await send("POST", "/v1/auth/codes", { body: { phone: number }, tries: 1 })).json();
          byCode(number, sent);
        } catch (error) {
          if (!(error instanceof Problem) || error.status === 429) throw error;
          phone.complain(error.message);
          phone.input.focus();
        }
      }, phone, tick(t("as_host"), role === "host", (on) => { role = on ? "host" : "migrant"; }, t("as_host_hint")))),
      h("p", { class: "dim" }, t("no_consent_needed")), h("p", { class: "dim" }, t("unreviewed_if")));
    phone.input.focus();
  }

  function byCode(phone, sent) {
    const code = field(t("code"), h("input", { name: "code", inputmode: "numeric", autocomplete: "one-time-code",
      maxlength: 6, dir: "ltr", required: true }), t("code_hint", { phone }));
    put(box, card(t("enter_code"),
      form(t("sign_in"), async ({ code: typed }) => {
        if (!/^\d{6}$/.test(typed.trim())) {
          code.complain(t("six_digits"));
          return;
        }
        try {
          await app.session.signIn(phone, typed.trim(), nameOfDevice(), role);
        } catch (error) {
          if (!(error instanceof Problem) || error.status === 429) throw error;
          code.complain(error.message);
          code.input.focus();
          return;
        }
        await app.ready();
        if (role === "host") {
          app.go("host");
          return;
        }
        const { data: me } = await app.newest("/v1/me");
        app.go(me?.migrant_id ? "path" : "passport");
      }, code),
      sent.busy && h("p", { class: "warned" }, t("codes_busy")),
      button(t("other_number"), () => byNumber(phone), { kind: "quiet" })));
    code.input.focus();
  }
}

/** For the person to know the sign-in by, in the list of them. Nothing finer than what kind of machine it is. */
function nameOfDevice() {
  const known = [["Android", /Android/], ["iPhone", /iPhone|iPad/], ["Windows", /Windows/], ["Mac", /Mac OS/], ["Linux", /Linux/]];
  return known.find(([, sign]) => sign.test(navigator.userAgent))?.[0] ?? "Web";
}
