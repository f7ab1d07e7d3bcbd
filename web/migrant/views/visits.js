// What is booked, on the way to be booked, or offered instead; and where all of it lies.

import { h } from "../../shared/dom.js";
import { dayTime, moment, t } from "../../shared/i18n.js";
import { button, card, nothing, say, show } from "../../shared/ui.js";
import { home } from "../parts/home.js";
import { map } from "../parts/map.js";
import { liveTicket } from "../parts/ticket.js";

export const LIVE = ["held", "confirmed", "arrived"];

/** Titles of steps by their codes, in the reader's language. */
export async function titles(app) {
  const { data } = await app.newest("/v1/me/pathway").catch(() => ({ data: null }));
  return Object.fromEntries((data?.steps ?? []).map((step) => [step.code, step.title]));
}

export default async function visits(place, app) {
  const stops = [];
  await show(place, async () => {
    const [bookings, itinerary, offers, tickets, named, waiting, from] = await Promise.all([
      app.atHand("/v1/me/bookings"), app.atHand("/v1/me/itinerary"), app.atHand("/v1/me/offers"),
      app.api.get("/v1/me/tickets").catch(() => ({ items: [] })), titles(app), app.actions.list(), home()]);
    return { bookings: bookings.data?.items ?? [], itinerary: itinerary.data, offers: offers.data?.items ?? [],
      tickets: tickets.items.filter((each) => ["waiting", "called", "serving", "skipped"].includes(each.status)),
      named, waiting, from };
  }, (found) => {
    const live = found.bookings.filter((each) => LIVE.includes(each.status))
      .sort((one, other) => one.starts_at.localeCompare(other.starts_at));
    const over = found.bookings.filter((each) => !LIVE.includes(each.status));
    return [
      found.waiting.map((action) => waits(action, app)),
      found.tickets.map((ticket) => {
        const { element, stop } = liveTicket(app, ticket, () => app.go("visits"));
        stops.push(stop);
        return element;
      }),
      found.offers.map((offer) => offered(offer, found.named, app)),
      found.itinerary?.offer && replanned(found.itinerary, app),
      live.length ? [map(live.map((each) => each.point), found.from), h("ol", { class: "stack" }, live.map((each, at) => booked(each, at + 1, found.named)))]
        : nothing(t("no_visits"), h("a", { class: "button main", href: "#plan" }, t("plan_all"))),
      live.length > 0 && h("a", { class: "button", href: "#plan" }, t("plan_rest")),
      over.length > 0 && h("details", {}, h("summary", {}, t("visits_before")), h("ul", { class: "list" }, over.map((each) => h("li", {},
        h("a", { href: `#visit/${each.id}` }, `${moment(each.starts_at)} · ${found.named[each.step] ?? each.step}`),
        h("small", {}, `${each.point.name} · ${t(`visit_${each.status}`)}`))))),
    ];
  });
  return () => stops.forEach((stop) => stop());
}

function booked(each, number, named) {
  return h("li", { class: `card ${each.to_be_moved ? "warn" : ""}` },
    h("div", { class: "spread" }, h("h2", {}, h("span", { class: "tag" }, number), ` ${named[each.step] ?? each.step}`), h("span", { class: "tag" }, t(`visit_${each.status}`))),
    h("p", {}, h("strong", {}, dayTime(each.starts_at))),
    h("p", { class: "dim" }, `${each.point.name}, ${each.point.municipality}`),
    each.to_be_moved && h("p", { class: "warned" }, t("to_be_moved")),
    h("a", { class: "button main", href: `#visit/${each.id}` }, t("open_pass")));
}

/** Something that was done without a net, and is not sent yet or was refused. */
function waits(action, app) {
  const about = action.about ?? {};
  return h("section", { class: `card ${action.refused ? "bad" : "warn"}` },
    h("h2", {}, about.text ? t(about.text, about) : action.method), about.title && h("p", {}, about.title),
    h("p", {}, action.refused ?? t("waits_for_net")),
    h("div", { class: "row" },
      !action.refused && button(t("send_now"), async () => { await app.actions.flush(); app.go("visits"); }),
      button(action.refused ? t("close") : t("do_not_send"), async () => { await app.actions.drop(action.id); app.go("visits"); }, { kind: "quiet" })));
}

function offered(offer, named, app) {
  const was = offer.booking;
  return h("section", { class: "card warn" }, h("h2", {}, t(offer.id ? "offer_title" : "offer_looking")),
    h("p", {}, `${named[was.step] ?? was.step}: ${moment(was.starts_at)}, ${was.point.name}`), h("p", {}, t(`offer_${offer.cause}`)),
    offer.id && offer.expires_at && h("p", {}, t("offer_until", { when: moment(offer.expires_at) })),
    h("ul", { class: "list" }, offer.choices.map((one) => h("li", {},
      h("strong", {}, dayTime(one.starts_at)), h("span", {}, `${one.point.name}, ${one.point.municipality}`),
      one.minutes_from_you !== null && h("small", {}, t("way_minutes", { n: one.minutes_from_you })),
      button(t("take_this"), async () => {
        await app.api.post(`/v1/me/offers/${offer.id}/accept`, { choice_id: one.id });
        say(t("moved"));
        app.go("visits");
      }, { kind: "main" })))),
    offer.id && button(t("keep_as_is"), async () => { await app.api.post(`/v1/me/offers/${offer.id}/decline`); app.go("visits"); }, { kind: "quiet" }));
}

function replanned({ offer }, app) {
  return h("section", { class: "card warn" }, h("h2", {}, t("replan_title")),
    offer.why.map((each) => h("p", {}, h("strong", {}, each.title), " ", each.text)),
    h("h3", {}, offer.proposal.text),
    h("ul", { class: "list" }, offer.proposal.outings.flatMap((outing) => outing.visits).map((visit) => h("li", {},
      h("strong", {}, dayTime(visit.starts_at)), h("span", {}, `${visit.title} · ${visit.point.name}`)))),
    h("div", { class: "row" },
      button(t("take_this"), async () => { await app.api.post(`/v1/itinerary-offers/${offer.id}/accept`); say(t("moved")); app.go("visits"); }, { kind: "main" }),
      button(t("keep_as_is"), async () => { await app.api.post(`/v1/itinerary-offers/${offer.id}/decline`); app.go("visits"); })));
}
