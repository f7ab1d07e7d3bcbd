// Who used the person's data, when, what for and on which ground.

import { save } from "../../shared/api.js";
import { h, put } from "../../shared/dom.js";
import { has, momentHere, t } from "../../shared/i18n.js";
import { button, facts, nothing, show, tick } from "../../shared/ui.js";

const OURS = "manzil";

export default async function uses(place, app) {
  let everything = false;
  const list = h("div", { class: "stack" });
  const draw = () => show(list, () => app.newest("/v1/me/data-uses", { limit: 50 }), ({ data }) => {
    const shown = data.items.filter((use) => everything || use.purpose);
    let next = data.next;
    const box = h("ul", { class: "list card" }, shown.map(one));
    const more = next && button(t("more"), async () => {
      const page = await app.api.get("/v1/me/data-uses", { limit: 50, cursor: next });
      box.append(...page.items.filter((use) => everything || use.purpose).map(one));
      next = page.next;
      if (!next) more.remove();
    });
    return [shown.length ? box : nothing(t("uses_none")), more];
  });
  put(place, h("p", {}, t("uses_text")),
    h("div", { class: "row" }, button(t("as_table"), async () => save(await app.api.file("/v1/me/data-uses/export.csv"), "data-uses.csv")),
      tick(t("uses_all"), false, (on) => { everything = on; draw(); })), list);
  await draw();
}

function one(use) {
  return h("li", {}, h("div", { class: "spread" }, h("strong", {}, titleOf(use)), h("small", {}, momentHere(use.at))),
    facts([[t("who"), whoOf(use)], [t("ground"), use.ground_text ?? use.ground], [t("record"), use.purpose ? null : h("code", {}, use.action)]]));
}

/** What was done, in words; what was passed on has its consent's purpose, or that of an agency's agreement. */
function titleOf({ purpose, action }) {
  const key = `use_${purpose ?? "own"}`;
  if (has(key)) return t(key);
  if (purpose.startsWith("mirror")) return t("use_mirror");
  return t(action === "passed_on" ? "use_agency" : "use_other");
}

/** By name where it is known; where it was in another system, that too. */
function whoOf(use) {
  const who = use.receiver_name ?? use.receiver;
  return who && (use.system === OURS ? who : `${who} (${use.system})`);
}
