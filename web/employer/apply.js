// A company asks to be let in as an employer: without an account, since it has none yet. The region's operator decides.

import { h, put } from "../shared/dom.js";
import { send } from "../shared/http.js";
import { t } from "../shared/i18n.js";
import { button, card, choice, field, form } from "../shared/ui.js";

const DIGITS = { inn: [10, 12], bin: [12] };

/** What stands below the sign-in. */
export function apply() {
  const place = h("div", { class: "narrow" });
  put(place, card(t("apply"), h("p", {}, t("apply_text")), button(t("apply_begin"), () => begin(place))));
  return place;
}

function begin(place) {
  put(place, sheet(place));
  place.querySelector("select").focus();
}

function sheet(place) {
  const input = (name, more = {}) => h("input", { name, required: true, ...more });
  const kind = choice("kind", Object.keys(DIGITS).map((each) => [each, t(`number_${each}`)]), "inn");
  const fields = {
    number: field(t("company_number"), input("number", { inputmode: "numeric", autocomplete: "off", dir: "ltr" }), t("company_number_hint")),
    name_ru: field(t("name_ru"), input("name_ru", { maxlength: 200, autocomplete: "organization" })),
    name_en: field(t("name_en"), input("name_en", { maxlength: 200, autocomplete: "off" })),
    contact: field(t("contact_name"), input("contact", { maxlength: 150, autocomplete: "name" })),
    email: field(t("email"), input("email", { type: "email", maxlength: 200, autocomplete: "email", dir: "ltr" }), t("email_hint")),
    phone: field(t("phone"), input("phone", { type: "tel", maxlength: 20, autocomplete: "tel", dir: "ltr" })),
  };
  return card(t("apply"), form(t("apply_send"), async (values) => {
    const told = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]));
    told.number = told.number.replace(/[\s-]/g, "");
    if (!complete(told, fields)) return;
    try {
      await send("POST", "/v1/companies", { body: {
        number_kind: told.kind, number: told.number, name_ru: told.name_ru, name_en: told.name_en,
        contact: { name: told.contact, email: told.email, phone: told.phone },
      } });
    } catch (error) {
      if (!complain(error, fields)) throw error;
      return;
    }
    put(place, card(t("apply_done"), h("p", { role: "status" }, t("apply_done_text", { email: told.email }))));
  }, field(t("number_kind"), kind), Object.values(fields)),
  button(t("back"), () => place.replaceWith(apply()), { kind: "quiet" }));
}

/** Whether all is there; what is not is said beside it. */
function complete(told, fields) {
  for (const [name, one] of Object.entries(fields)) one.complain(told[name] ? null : t("needed"));
  if (told.number && !(/^\d+$/.test(told.number) && DIGITS[told.kind].includes(told.number.length))) {
    fields.number.complain(t("company_number_hint"));
  }
  const wrong = Object.values(fields).find((one) => one.input.getAttribute("aria-invalid") === "true");
  wrong?.input.focus();
  return !wrong;
}

/** Says what the server found wrong beside the field that it is about; false if it is about none. */
function complain(error, fields) {
  const at = error.body?.errors?.[0]?.at ?? "";
  const name = { company_known: "number", invalid_phone: "phone" }[error.code]
    ?? Object.keys(fields).find((each) => error.body?.field === each || at.endsWith(`.${each}`));
  if (!name) return false;
  fields[name].complain(error.code === "invalid_input" && name === "number" ? t("company_number_wrong") : error.message);
  fields[name].input.focus();
  return true;
}
