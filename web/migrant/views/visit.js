// One visit: its pass, its place, when to leave; moving it and giving it back.

import { save } from "../../shared/api.js";
import { h, put, s } from "../../shared/dom.js";
import { day, dayTime, isAbroad, moment, momentHere, t, time, zoneName } from "../../shared/i18n.js";
import { qr } from "../../shared/qr.js";
import { button, card, choice, facts, field, nothing, say, show, sure } from "../../shared/ui.js";
import { earlier, rating } from "../parts/after.js";
import { home } from "../parts/home.js";
import { map } from "../parts/map.js";
import { liveTicket } from "../parts/ticket.js";
import { titles } from "./visits.js";

const FRESH = 25_000;
const QUIET = 4;

export default async function visit(place, app, id) {
  const stops = [];
  await show(place, async () => {
    const { data } = await app.newest("/v1/me/bookings");
    const booking = data?.items.find((each) => each.id === id);
    if (!booking) return {};
    const [point, tickets, named, from, me] = await Promise.all([
      app.newest(`/v1/points/${booking.point.id}`).catch(() => ({ data: null })),
      app.api.get("/v1/me/tickets").catch(() => ({ items: [] })), titles(app), home(), app.atHand("/v1/me")]);
    const ticket = tickets.items.find((each) => each.booked_for && Date.parse(each.booked_for) === Date.parse(booking.starts_at)
      && ["waiting", "called", "serving", "skipped"].includes(each.status));
    return { booking, point: point.data, ticket, named, from, migrantId: me.data?.migrant_id };
  }, async ({ booking, point, ticket, named, from, migrantId }) => {
    if (!booking) return nothing(t("no_such_visit"), h("a", { class: "button", href: "#visits" }, t("view_visits")));
    const parts = [card(named[booking.step] ?? booking.step,
      h("p", { class: "big" }, dayTime(booking.starts_at)),
      isAbroad(booking.starts_at) && h("p", { class: "warned" }, t("place_time", { zone: zoneName(booking.point.zone, booking.starts_at), when: momentHere(booking.starts_at) })),
      h("p", {}, `${booking.point.name}, ${booking.point.municipality}`), h("span", { class: "tag" }, t(`visit_${booking.status}`)),
      booking.to_be_moved && h("p", { class: "warned" }, t("to_be_moved")))];
    if (ticket) {
      const { element, stop } = liveTicket(app, ticket, () => app.go("path"));
      stops.push(stop);
      parts.unshift(element);
    } else if (booking.status === "confirmed") {
      const { element, stop } = pass(app, booking, migrantId);
      stops.push(stop);
      parts.push(element, watchArrival(app, booking, stops), advice(app, booking, from));
    }
    if (booking.status === "completed") parts.push(rating(app, booking));
    parts.push(map([booking.point], from), point && about(point));
    if (booking.status === "confirmed") parts.push(await changes(app, booking));
    return parts;
  });
  return () => stops.forEach((stop) => stop());
}

/** The QR pass: signed anew all the time, also without a net. Below it, what a clerk can type instead. */
function pass(app, booking, migrantId) {
  const picture = h("div", { class: "pass" });
  const element = card(t("pass"), picture, h("p", {}, t("pass_text")),
    migrantId && h("p", {}, t("pass_by_id"), " ", h("strong", { dir: "ltr" }, migrantId)));
  const draw = async () => {
    const rows = qr(await app.session.qrPass(booking.id));
    const size = rows.length + 2 * QUIET;
    const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : ""))).join("");
    put(picture, s("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": t("pass"), "shape-rendering": "crispEdges" },
      s("rect", { width: size, height: size, fill: "#fff" }), s("path", { d: path, fill: "#000" })));
  };
  draw();
  const timer = setInterval(draw, FRESH);
  return { element, stop: () => clearInterval(timer) };
}

/** Once the pass is scanned there is a ticket: the page shows it by itself. */
function watchArrival(app, booking, stops) {
  const timer = setInterval(async () => {
    if (document.hidden || !navigator.onLine) return;
    const found = await app.api.get(`/v1/bookings/${booking.id}`).catch(() => null);
    if (found && found.status !== booking.status) app.go("visit", booking.id);
  }, 4000);
  stops.push(() => clearInterval(timer));
  return null;
}

function advice(app, booking, from) {
  if (!from) return null;
  const told = h("div", { role: "status" });
  return card(t("when_to_leave"), told, button(t("reckon"), async () => {
    const found = await app.api.get(`/v1/bookings/${booking.id}/advice`, { lat: from.lat, lon: from.lon });
    put(told, h("p", { class: "big" }, found.leave_now ? t("leave_now") : t("leave_at", { when: moment(found.leave_at) })),
      h("p", { class: "dim" }, t("way_minutes", { n: found.travel_minutes })));
  }));
}

const about = (point) => card(t("about_point"), facts([
  [t("directions"), point.directions], [t("to_know"), point.to_know],
  [t("open_hours"), point.days.every((each) => neverCloses(each.hours) && !each.reason) ? t("round_the_clock")
    : point.days.slice(0, 5).map((each) => h("div", {}, `${day(each.day)}: `, hours(each.hours), each.reason && ` (${each.reason})`))],
  [t("contact"), point.contact && Object.values(point.contact).filter(Boolean).join(", ")],
  [t("step_free_short"), point.step_free ? t("yes") : t("no")],
]));

/** As an end, 00:00 is the midnight after. */
const neverCloses = (spans) => spans.length === 1 && spans[0].every((each) => each === "00:00");

/** A day's hours in words. */
function hours(spans) {
  if (!spans.length) return t("closed");
  if (neverCloses(spans)) return t("round_the_clock");
  return h("bdi", { dir: "ltr" }, spans.map(([from, to]) => `${from}–${to === "00:00" ? "24:00" : to}`).join(", "));
}

async function changes(app, booking) {
  const places = h("div", { class: "stack" });
  return h("section", { class: "card" }, h("div", { class: "row" },
    button(t("to_calendar"), async () => save(await app.api.file(`/v1/bookings/${booking.id}/calendar.ics`), "visit.ics")),
    button(t("move"), () => free(places, app, booking)),
    button(t("cancel_visit"), async () => {
      if (!(await sure(t("cancel_visit"), moment(booking.starts_at), t("cancel_visit")))) return;
      const answer = await app.actions.do("POST", `/v1/bookings/${booking.id}/cancel`, undefined, { text: "cancel_visit", title: moment(booking.starts_at) });
      say(answer === undefined ? t("will_be_sent") : t("visit_cancelled"));
      app.go("visits");
    }, { kind: "danger" })), await earlier(app, booking), places);
}

/** Free times of the same service, the nearest points first; a day's times at the one that is chosen. */
async function free(place, app, booking) {
  const from = (await home()) ?? booking.point;
  await show(place, () => app.api.get("/v1/free-times", { service: booking.service, lat: from.lat, lon: from.lon, limit: 10 }), ({ items }) => {
    const open = items.filter((each) => each.starts_at);
    if (!open.length) return nothing(t("no_free"));
    const times = h("div", { class: "stack" });
    const at = choice("point", open.map((each, n) => [String(n), `${each.point.name} · ${moment(each.starts_at)}`]), "0");
    const on = h("input", { type: "date", value: open[0].starts_at.slice(0, 10) });
    const list = () => show(times, () => app.api.get(`/v1/points/${open[at.value].point.id}/days/${on.value}`, { service: booking.service }),
      (found) => (found.items.length ? h("div", { class: "row" }, found.items.map((one) => button(time(one.starts_at), async () => {
        await app.api.post(`/v1/bookings/${booking.id}/reschedule`, { point_id: open[at.value].point.id, starts_at: one.starts_at });
        say(t("moved"));
        app.go("visits");
      }))) : nothing(t("no_free"))));
    at.addEventListener("change", () => { on.value = open[at.value].starts_at.slice(0, 10); list(); });
    on.addEventListener("change", list);
    list();
    return [field(t("point"), at), field(t("day"), on), times];
  });
}
