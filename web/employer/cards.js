// A masked card: what somebody can do and how that fits, and nothing of who they are until they say yes.

import { h, put } from "../shared/dom.js";
import { date, t } from "../shared/i18n.js";
import { button, facts, say, sure } from "../shared/ui.js";
import { shiftNames } from "./terms.js";

/** `place`: which in the list, from 1: a card has no name. */
export function card(each, place, app, posting) {
  const { match } = each;
  const list = (codes) => codes.map((code) => app.names[code] ?? code).join(", ");
  return h("section", { class: "card" },
    h("div", { class: "spread" }, h("h3", {}, t("candidate", { place })), h("strong", { class: "good" }, t("points", { score: match.score }))),
    each.suggested && h("span", { class: "tag" }, t("suggested")),
    facts([
      [t("worked"), each.worked.map((one) => `${app.names[one.occupation] ?? one.occupation} (${t("n_years", { n: one.years })})`).join("; ")],
      [t("skills"), list(each.skills)],
      [t("certificates"), list(each.certificates)],
      [t("shifts"), shiftNames(each.shifts)],
      [t("may_work"), allowed(each.allowed)],
    ]),
    h("details", {}, h("summary", {}, t("why")), h("ul", { class: "list" }, match.parts.map((part) => line(part, app)))),
    request(each, app, posting));
}

function allowed({ now, since, sure: certain }) {
  if (now) return t("allowed_now");
  return certain === 100 ? t("allowed_from", { day: date(since) }) : t("allowed_expected", { day: date(since), sure: certain });
}

function line(part, app) {
  const name = t(`about_${part.about}`);
  const codes = part.about === "skills" ? (each) => app.names[each] ?? each : (each) => each;
  return h("li", {},
    h("div", { class: "spread" }, h("span", {}, name), h("bdi", { dir: "ltr" }, `${part.points} / ${part.most}`)),
    h("meter", { min: 0, max: part.most, value: part.points, "aria-label": name }),
    h("small", {}, part.band ? t(`band_${part.band}`) : t(`why_${part.why}`)),
    part.about !== "shift" && part.has.length > 0 && h("small", {}, t("has", { what: part.has.map(codes).join(", ") })),
    part.lacks.length > 0 && h("small", {}, t("lacks", { what: part.lacks.map(codes).join(", ") })),
    part.spare_weeks !== null && h("small", {}, t("spare", { n: part.spare_weeks })));
}

/** What the employer may do about somebody: ask once, wait, and see their contacts after a yes. */
function request(each, app, posting) {
  const place = h("div", { class: "stack" });
  draw(each.request);
  return place;

  function draw(state) {
    if (state === null) put(place, button(t("ask_contacts"), ask, { kind: "main" }));
    else if (state === "agreed") put(place, h("span", { class: "tag" }, t("request_agreed")), contacts(each.id, app));
    else put(place, h("span", { class: "tag warn" }, t(`request_${state}`)));
  }

  async function ask() {
    if (!(await sure(t("ask_contacts"), t("ask_text", { title: posting.title }), t("ask"), { kind: "main" }))) return;
    const made = await app.api.post(`/v1/employer/cards/${each.id}/request`);
    say(t("asked"));
    draw(made.state);
  }
}

/** A button that shows the contacts of somebody who said yes; their log tells of it. */
export function contacts(id, app) {
  const place = h("div", { class: "stack" });
  put(place, button(t("show_contacts"), async () => {
    const found = await app.api.get(`/v1/employer/cards/${id}/contact`);
    const phone = found.phone && h("a", { href: `tel:${found.phone}`, dir: "ltr" }, found.phone);
    const email = found.email && h("a", { href: `mailto:${found.email}`, dir: "ltr" }, found.email);
    put(place, facts([[t("name"), found.cyrillic_name ?? found.name], [t("phone"), phone], [t("email"), email]]));
  }));
  return place;
}
