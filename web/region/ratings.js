// How visits to a point were rated, month by month, and what was written of it: never by whom.

import { h, put, s } from "../shared/dom.js";
import { month, number, t } from "../shared/i18n.js";
import { button, card, choice, field, nothing, show } from "../shared/ui.js";
import { table } from "./tables.js";

const BEST = 5;
const [WIDE, HIGH, LEFT, LOW] = [640, 200, 28, 24];

export default async function ratings(place, api) {
  await show(place, () => api.get("/v1/points"), ({ items }) => {
    const body = h("div", { class: "stack" });
    if (!items.length) return nothing(t("none_yet"));
    const which = choice("point", items.map((each) => [each.id, each.name]), items[0].id, { on: { change: () => open(which.value) } });
    open(items[0].id);
    return [h("h2", {}, t("part_ratings")), field(t("point"), which), body];

    function open(id) {
      const comments = h("div", { class: "stack" });
      return show(body, () => api.get(`/v1/points/${id}/ratings`), (found) => [trend(found), card(t("comments"),
        h("p", { class: "dim" }, t("comments_text")), comments,
        button(t("comments_read"), function read() { return show(comments, () => page(id), (told) => [written(told.items), further(id, told.next)]); }))]);
    }

    function page(id, cursor) { return api.get(`/v1/points/${id}/comments`, { cursor }); }

    function further(id, next) {
      const more = next && button(t("more"), async () => {
        const told = await page(id, next);
        more.replaceWith(...[written(told.items), further(id, told.next)].filter(Boolean));
      });
      return more;
    }
  });
}

const written = (items) => (items.length ? h("ul", { class: "list" }, items.map((each) =>
  h("li", {}, h("small", {}, month(each.month)), h("p", { lang: each.language, dir: "auto" }, each.text)))) : nothing(t("none_yet")));

function trend({ fewest, items }) {
  const note = h("p", { class: "dim" }, t("ratings_text", { n: fewest }));
  if (!items.length) return card(t("rating_by_month"), note, nothing(t("none_yet")));
  const months = [...items].reverse();
  return card(t("rating_by_month"), note, chart(months),
    table([t("month"), t("mean_rating"), t("people")], items.map((each) => [month(each.month), rounded(each.mean), number(each.people)]), t("rating_by_month")));
}

const rounded = (value) => number(Math.round(value * 100) / 100);

/** A line from the oldest month to the newest, from one star to five; the same stands in the table below. */
function chart(months) {
  const across = (at) => LEFT + (months.length < 2 ? (WIDE - 2 * LEFT) / 2 : (at / (months.length - 1)) * (WIDE - 2 * LEFT));
  const up = (stars) => LOW + ((BEST - stars) / (BEST - 1)) * (HIGH - 2 * LOW);
  const each = Math.ceil(months.length / 6);
  return s("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "trend", role: "img", "aria-label": t("rating_by_month") },
    [1, 2, 3, 4, 5].map((stars) => [s("line", { x1: LEFT, x2: WIDE - LEFT, y1: up(stars), y2: up(stars) }),
      s("text", { x: LEFT - 8, y: up(stars) + 4, "text-anchor": "end" }, stars)]),
    s("polyline", { points: months.map((one, at) => `${across(at)},${up(one.mean)}`).join(" ") }),
    months.map((one, at) => s("circle", { cx: across(at), cy: up(one.mean), r: 4 })),
    months.map((one, at) => at % each === 0 && s("text", { x: across(at), y: HIGH - 4, "text-anchor": "middle" }, one.month.slice(0, 7))));
}
