// All visits of the pathway at once: up to three ways to do it, and one tap to book one of them.

import { h, put } from "../../shared/dom.js";
import { current, day, isAbroad, t, time, zoneName } from "../../shared/i18n.js";
import { button, card, form, loading, nothing, say, show } from "../../shared/ui.js";
import { home, homeField, keepHome } from "../parts/home.js";
import { map } from "../parts/map.js";

export default async function plan(place, app, wanted) {
  await show(place, () => homeField(app), (from) => {
    const found = h("div", { class: "stack", "aria-live": "polite" });
    const box = (name, text) => h("div", { class: "tick" }, h("input", { type: "checkbox", name, id: `plan-${name}` }),
      h("label", { for: `plan-${name}` }, text));
    const asking = form(t("plan_now"), async (values) => {
      const { lat, lon } = from.where();
      await keepHome(from.where());
      const asked = { lat, lon, step_free: "step_free" in values, offers: "offers" in values || Boolean(wanted), replan: false };
      if ("my_language" in values) asked.languages = [current()];
      await propose(found, app, asked);
    }, from.element, box("step_free", t("step_free")), box("my_language", t("in_my_language")), box("offers", t("with_offers")));
    return [card(t("plan_title"), h("p", {}, t("plan_text")), asking), found];
  });
}

async function propose(found, app, asked) {
  put(found, loading(t("planning")));
  try {
    const { itineraries, unplaced } = await app.api.post("/v1/itineraries/plan", asked);
    const from = await home();
    put(found, itineraries.length === 0 && nothing(t("no_plan")),
      itineraries.map((each, at) => proposal(each, at === 0, asked, from, app)),
      unplaced.length > 0 && h("section", { class: "card warn" }, h("h2", {}, t("unplaced")),
        unplaced.map((each) => h("p", {}, h("strong", {}, each.title), " ", each.text))));
  } catch (error) {
    put(found);
    throw error;
  }
}

function proposal(each, best, asked, from, app) {
  const visits = each.outings.flatMap((outing) => outing.visits);
  const fresh = each.book.length;
  return h("article", { class: `card choice ${best ? "best" : ""}` },
    h("h2", {}, each.text),
    each.missed.map((late) => h("p", { class: "bad" }, `${late.title}: ${late.text}`)),
    map(visits.map((visit) => visit.point), from),
    numbered(each.outings),
    visits.filter((visit) => isAbroad(visit.starts_at)).slice(0, 1).map((visit) =>
      h("p", { class: "warned" }, t("place_times", { zone: zoneName(visit.point.zone, visit.starts_at) }))),
    each.assumes.length > 0 && h("details", {}, h("summary", {}, t("counted_on")),
      each.assumes.map((one) => h("p", {}, h("strong", {}, one.title), " ", one.text))),
    each.against_advice.map((one) => h("p", { class: "warned" }, t("against_advice", { step: one.title, other: one.advised_title }))),
    fresh > 0 ? button(t("book_all", { n: fresh }), async () => {
      const answer = await app.actions.do("POST", "/v1/itineraries", { ...asked, visits: each.book }, { text: "about_booking", n: fresh });
      say(answer === undefined ? t("will_be_sent") : t("booked"));
      app.go("visits");
    }, { kind: "main" }) : h("p", { class: "good" }, t("all_booked")));
}

function numbered(outings) {
  let last = 0;
  return h("ol", { class: "list" }, outings.map((outing) => h("li", {},
    h("strong", {}, day(outing.day)),
    h("small", {}, t("out_and_back", { leaves: time(outing.leaves_at), back: time(outing.back_at) })),
    outing.visits.map((visit) => {
      last += 1;
      return h("p", {}, h("span", { class: "tag" }, last), " ", h("strong", {}, time(visit.starts_at)), ` ${visit.title}`,
        h("small", {}, `${visit.point.name}, ${visit.point.municipality}`), visit.booked && h("span", { class: "tag" }, t("booked")));
    }))));
}
