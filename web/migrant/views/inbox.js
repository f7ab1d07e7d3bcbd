// What the person was told. The list is read when it is looked at.

import { h } from "../../shared/dom.js";
import { isAbroad, momentHere, t, zoneName } from "../../shared/i18n.js";
import { button, nothing, show } from "../../shared/ui.js";

// Where a message leads (`link` is a path of the app) on this page.
const PLACES = { visits: "visit", tickets: "visits", pathway: "path", documents: "papers", consents: "consents",
  "data-uses": "uses", "employer-requests": "jobs" };

export default async function inbox(place, app) {
  await show(place, async () => {
    const [found, visits] = await Promise.all([app.newest("/v1/me/inbox"), app.atHand("/v1/me/bookings")]);
    return { data: found.data, visit: visits.data?.items.find((each) => isAbroad(each.starts_at)) };
  }, ({ data, visit }) => {
    const list = h("ul", { class: "list" }, data.items.map((item) => one(item, app)));
    if (!data.items.length) return nothing(t("inbox_empty"));
    let next = data.next;
    const more = next && button(t("more"), async () => {
      const page = await app.api.get("/v1/me/inbox", { cursor: next });
      list.append(...page.items.map((item) => one(item, app)));
      next = page.next;
      if (!next) more.remove();
    });
    // The texts are the server's, who does not know this phone's clock.
    return [visit && h("p", { class: "warned" }, t("place_times", { zone: zoneName(visit.point.zone, visit.starts_at) })),
      h("section", { class: "card" }, list), more];
  });
}

function one(item, app) {
  const [, kind, id] = item.link.split("/");
  const view = PLACES[kind] ?? "path";
  const element = h("li", { class: item.read ? "" : "unread" },
    h("div", { class: "spread" }, h("h2", {}, item.title), h("small", {}, momentHere(item.told_at))),
    h("p", {}, item.brief), item.more && h("p", { class: "dim" }, item.more),
    item.outdated && h("small", {}, t("outdated")),
    h("div", { class: "row" }, h("a", { href: `#${view}${view === "visit" ? `/${id}` : ""}` }, t("open")),
      !item.read && button(t("mark_read"), async () => {
        await app.actions.do("POST", `/v1/me/inbox/${item.id}/read`, undefined, { text: "mark_read", title: item.title });
        element.classList.remove("unread");
        element.querySelector("button")?.remove();
      }, { kind: "quiet" })));
  return element;
}
