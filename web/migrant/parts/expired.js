// That the document somebody goes by is no longer valid: nothing is refused for it here, but a point would.

import { h } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

/** `me`: what the API says of the person; null where it is not at hand. */
export const expired = (me) => (me?.flags.includes("expired") ? h("section", { class: "card warn", role: "status" },
  h("h2", {}, t("passport_expired")), h("p", {}, t("passport_expired_text")),
  h("a", { class: "button", href: "#passport" }, t("view_passport"))) : null);
