// For the auditor: what agencies asked for, and what came of it; never about whom.

import { h } from "../shared/dom.js";
import { momentHere, t } from "../shared/i18n.js";
import { nothing, show } from "../shared/ui.js";
import { table, words } from "./tables.js";

export default async function uses(place, api) {
  await show(place, () => api.everything("/v1/exchange/uses", {}, 200), (items) => [h("h2", {}, t("part_uses")), items.length
    ? table([t("when"), t("way"), t("outcome"), t("people"), t("reason")], items.map((each) => [momentHere(each.at), words(each.way), words(each.outcome), each.people,
      [each.case, each.reason].filter(Boolean).join(": ") || "—"])) : nothing(t("none_yet"))]);
}
