// The region's page: public figures for everybody; reports, approvals and what-ifs for its operators; a workstation for
// each agency, which shows what its agreements allow and nothing else.

import { client } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { StaffSession, claimsOf } from "../shared/session.js";
import { begin, head, languages, main } from "../shared/shell.js";
import { loading, trouble } from "../shared/ui.js";

const PARTS = {
  region_operator: ["reports", "ratings", "complaints", "what_if", "companies", "agreements", "requests", "staff", "figures"],
  auditor: ["uses", "agreements", "requests", "figures"],
  agency_officer: ["workstation", "lawful", "figures"],
};
const session = new StaffSession("region");
const api = client(session);

begin(["region"], async (place, again) => {
  session.onEnd = again;
  const token = await session.token().catch(() => null);
  const content = main();
  if (!token) {
    const [{ signIn }, { default: figures }] = await Promise.all([import("../shared/staff.js"), import("./figures.js")]);
    const open = h("div", { class: "stack" });
    put(place, head(t("title"), languages(again)), content);
    put(content, signIn(session, Object.keys(PARTS), again), open);
    await figures(open, client());
    return;
  }
  const { role, sub: account } = claimsOf(token);
  const parts = PARTS[role] ?? ["figures"];
  const body = h("div");
  const nav = h("nav", { class: "row", "aria-label": t("parts") });
  const out = h("button", { type: "button", on: { click: () => session.signOut() } }, t("sign_out"));
  put(place, head(t("title"), languages(again), out), content);
  put(content, nav, body);
  await open(parts.includes(location.hash.slice(1)) ? location.hash.slice(1) : parts[0]);

  async function open(part) {
    put(nav, parts.map((each) => h("button", { type: "button", class: each === part ? "main" : "", "aria-current": each === part ? "page" : null,
      on: { click: () => { history.replaceState(null, "", `#${each}`); open(each); } } }, t(`part_${each}`))));
    // Each part has a place of its own: one that was left before it was there does not come back over the next.
    const place = h("div", { class: "stack" }, loading());
    put(body, place);
    try {
      const { default: show } = await import(`./${part}.js`);
      await show(place, api, { role, account });
    } catch (error) {
      put(place, trouble(error, () => open(part)));
    }
  }
});
