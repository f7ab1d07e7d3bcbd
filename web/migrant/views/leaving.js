// Taking everything along, and having all of it deleted.

import { save } from "../../shared/api.js";
import { h, put } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { button, card, show, sure } from "../../shared/ui.js";

export default async function leaving(place, app) {
  const about = h("div", { class: "stack" });
  put(place,
    card(t("export"), h("p", {}, t("export_text")), button(t("export"), async () => save(await app.api.file("/v1/me/export"), "manzil-export.zip"), { kind: "main" })),
    card(t("deletion"), h("p", {}, t("deletion_text")), button(t("deletion_look"), () => show(about, () => app.api.get("/v1/me/deletion"), (found) => [
      h("h3", {}, t("stays_by_law")), h("ul", { class: "list" }, found.stays.map((each) => h("li", {}, each.why, h("small", {}, each.law)))),
      button(t("delete_all"), async () => {
        if (!(await sure(t("delete_all"), t("deletion_sure"), t("delete_all")))) return;
        await app.api.post("/v1/me/deletion", { confirmation: found.confirmation });
        await app.session.end();
      }, { kind: "danger" })])), about));
}
