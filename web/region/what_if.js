// What another counter, or another day, at a point would do: played with invented people, by a worker.

import { h, put } from "../shared/dom.js";
import { number, t } from "../shared/i18n.js";
import { bar, card, choice, field, form, loading, nothing, show, trouble } from "../shared/ui.js";
import { table, words } from "./tables.js";

const EVERY = 3000;
const OPEN = ["waiting", "running"];
const MOST_COUNTERS = 10;

export default async function whatIf(place, api) {
  const list = h("div", { class: "stack", "aria-live": "polite" });
  let names = {};
  put(list, loading());
  await show(place, () => api.get("/v1/points"), ({ items }) => {
    names = Object.fromEntries(items.map((each) => [each.id, each.name]));
    return [card(t("part_what_if"), h("p", {}, t("what_if_text")), items.length ? asking(items) : nothing(t("none_yet"))), list];
  });
  if (list.isConnected) await draw();

  function asking(points) {
    const counters = field(t("more_counters"), h("input", { type: "number", name: "counters", min: -MOST_COUNTERS, max: MOST_COUNTERS, value: 1, required: true }), t("more_counters_hint"));
    const [opens, closes] = ["opens", "closes"].map((name) => field(t(name), h("input", { type: "time", name, step: 300 })));
    const weekday = choice("weekday", [["", t("day_none")], ...[0, 1, 2, 3, 4, 5, 6].map((day) => [String(day), t(`weekday_${day}`)])], "", { on: { change: fit } });
    const day = field(t("another_day"), weekday);
    fit();
    return form(t("ask"), async (values) => {
      const more = Number(values.counters);
      const hours = !values.weekday || (values.opens && values.closes && values.opens < values.closes);
      counters.complain(Number.isInteger(more) && Math.abs(more) <= MOST_COUNTERS ? null : t("more_counters_hint"));
      closes.complain(hours ? null : t("hours_needed"));
      if (!hours || !Number.isInteger(more)) return;
      await api.post("/v1/what-ifs", { point_id: values.point, counters: more, ...(values.weekday
        ? { weekday: Number(values.weekday), opens: values.opens, closes: values.closes } : {}) });
      await draw();
    }, field(t("point"), choice("point", points.map((each) => [each.id, each.name]), points[0].id)), counters, day, opens, closes);

    function fit() { for (const each of [opens, closes]) each.hidden = !weekday.value; }
  }

  async function draw() {
    try {
      const { items } = await api.get("/v1/what-ifs");
      put(list, items.length ? items.map((each) => one(each, names)) : nothing(t("none_yet")));
      if (items.some((each) => OPEN.includes(each.status))) setTimeout(() => { if (list.isConnected) draw(); }, EVERY);
    } catch (error) {
      put(list, trouble(error, draw));
    }
  }
}

const rounded = (value) => number(Math.round(value * 100) / 100);

function asked({ counters, weekday, opens, closes }) {
  return [counters && t("counters_changed", { n: counters > 0 ? `+${counters}` : counters }),
    weekday !== null && weekday !== undefined && `${t(`weekday_${weekday}`)} ${opens?.slice(0, 5)}–${closes?.slice(0, 5)}`].filter(Boolean).join(", ");
}

const one = ({ question, status, progress, answer }, names) => card(names[question.point_id] ?? t("point"), h("div", { class: "spread" }, h("span", {}, asked(question)),
  h("span", { class: `tag ${{ done: "", failed: "bad" }[status] ?? "warn"}` }, words(status))),
OPEN.includes(status) && bar(t("being_played"), progress, 100),
answer && [h("p", {}, t("played_with", { n: number(answer.people), days: answer.days, seeds: answer.seeds })),
  table([t("measure"), t("as_it_is"), t("as_it_would_be"), t("effect")], answer.figures.map((figure) =>
    [words(figure.name), rounded(figure.now), rounded(figure.then), h("bdi", { dir: "ltr" }, `${rounded(figure.effect)} (${rounded(figure.low)} … ${rounded(figure.high)})`)]))]);
