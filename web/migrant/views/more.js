// Everything that is not wanted each day.

import { h, put } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

const LINKS = ["family", "complaints", "jobs", "consents", "uses", "settings", "leaving"];

export default function more(place) {
  put(place, h("nav", { class: "menu", "aria-label": t("view_more") }, LINKS.map((each) =>
    h("a", { href: `#${each}` }, t(`view_${each}`), h("small", {}, t(`about_${each}`))))));
}
