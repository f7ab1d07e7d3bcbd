// What one can agree to, each by itself. No is as near as yes, and taking it back is one tap.

import { save } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { dateHere, momentHere, t } from "../../shared/i18n.js";
import { button, card, facts, nothing, say, show } from "../../shared/ui.js";

export default async function consents(place, app) {
  const again = () => consents(place, app);
  await show(place, async () => {
    const [notices, given, erasures, history] = await Promise.all([
      app.api.get("/v1/me/consents/notices"), app.api.get("/v1/me/consents"), app.api.get("/v1/me/erasures"),
      app.api.get("/v1/me/consents/history", { limit: 50 })]);
    return { notices: notices.items, given: given.items, erasures: erasures.items, history: history.items };
  }, ({ notices, given, erasures, history }) => {
    const titles = Object.fromEntries(notices.map((notice) => [`${notice.purpose} ${notice.scope}`, notice.title]));
    const titleOf = (each) => titles[`${each.purpose} ${each.scope}`] ?? notices.find((one) => one.purpose === each.purpose)?.title ?? each.purpose;
    return [
      h("p", {}, t("consents_text")),
      notices.length ? notices.map((notice) => one(notice, given, app, again)) : nothing(t("nothing_here")),
      erasures.length > 0 && card(t("erasures"), h("ul", { class: "list" }, erasures.map((each) => h("li", {},
        h("strong", {}, titleOf(each)), h("span", {}, each.receipt_at ? t("erased_at", { when: momentHere(each.receipt_at) }) : t("erase_by", { when: momentHere(each.due_by) })),
        each.receipt && button(t("receipt"), () => save(new Blob([each.receipt], { type: "text/plain" }), "erasure-receipt.txt"), { kind: "quiet" }))))),
      history.length > 0 && h("details", {}, h("summary", {}, t("history")), h("ul", { class: "list" }, history.map((each) => h("li", {},
        h("span", {}, `${momentHere(each.at)} · ${t(`consent_${each.status}`)}`), h("small", {}, titleOf(each)))))),
    ];
  });
}

/** The text that is agreed to; its first line is the title, which stands above it. */
const bodyOf = ({ title, text }) => (text.startsWith(title) ? text.slice(title.length).trimStart() : text);

function one(notice, given, app, again) {
  const standing = given.find((each) => each.purpose === notice.purpose && each.scope === notice.scope && each.live);
  const body = { purpose: notice.purpose, language: notice.language, sha256: notice.sha256, ...(notice.scope ? { scope: notice.scope } : {}) };
  const answer = (path, text) => async () => {
    await app.api.post(path, body);
    say(text);
    await again();
  };
  return h("section", { class: "card" },
    h("div", { class: "spread" }, h("h2", {}, notice.title), notice.status && h("span", { class: "tag" }, t(`consent_${notice.status}`))),
    h("p", { class: "notice", lang: notice.language }, bodyOf(notice)),
    h("details", {}, h("summary", {}, t("details")), facts([
      [t("controller"), `${notice.controller}, ${notice.controller_contact}`], [t("recipients"), notice.recipients.join("; ")],
      [t("data"), notice.data_categories.join("; ")], [t("retention"), notice.retention], [t("basis"), notice.legal_basis],
      [t("holds_until"), dateHere(notice.until)]])),
    standing
      ? h("div", { class: "row" },
        button(t("withdraw"), async () => { await app.api.post(`/v1/me/consents/${standing.id}/withdraw`); say(t("consent_withdrawn")); await again(); }, { kind: "main" }),
        button(t("receipt"), async () => {
          const receipt = await app.api.get(`/v1/me/consents/${standing.id}/receipt`);
          save(new Blob([JSON.stringify(receipt, null, 1)], { type: "application/json" }), "consent-receipt.json");
        }))
      : h("div", { class: "row" },
        button(t("agree"), answer("/v1/me/consents", t("consent_given")), { kind: "main" }),
        notice.status !== "refused" && button(t("refuse"), answer("/v1/me/consents/refusals", t("consent_refused")), { kind: "main" })));
}
