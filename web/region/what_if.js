// What another counter, or another day, at a point would do: played with invented people, by a worker.

import { h, put } from "../shared/dom.js";
import { number, t } from "../shared/i18n.js";
import { bar, card, choice, field, form, nothing, show } from "../shared/ui.js";
import { table, words } from "./tables.js";

const EVERY = 3000;

export default async function whatIf(place, api) {
  const list = h("div", { class: "stack", "aria-live": "polite" });
  await show(place, () => api.get("/v1/points"), ({ items }) => [card(t("part_what_if"), h("p", {}, t("what_if_text")), form(t("ask"), async (values) => {
    await api.post("/v1/what-ifs", { point_id: values.point, counters: Number(values.counters) });
    await draw();
  }, field(t("point"), choice("point", items.map((each) => [each.id, each.name]), items[0]?.id)),
  field(t("more_counters"), h("input", { type: "number", name: "counters", min: -5, max: 10, value: 1, required: true }), t("more_counters_hint")))), list]);
  await draw();

  async function draw() {
    const { items } = await api.get("/v1/what-ifs");
    put(list, items.length ? items.map(one) : nothing(t("none_yet")));
    if (items.some((each) => ["waiting", "running"].includes(each.status))) setTimeout(() => { if (list.isConnected) draw(); }, EVERY);
  }
}

const rounded = (value) => number(Math.round(value * 100) / 100);

const one = (each) => card(`${words(each.status)}: ${Object.entries(each.question).filter(([, value]) => value !== null && value !== 0)
  .map(([name, value]) => (name === "point_id" ? null : `${words(name)} ${value}`)).filter(Boolean).join(", ")}`,
["waiting", "running"].includes(each.status) && bar(t("being_played"), each.progress, 100),
each.answer && [h("p", {}, t("played_with", { n: each.answer.people, days: each.answer.days, seeds: each.answer.seeds })),
  table([t("measure"), t("as_it_is"), t("as_it_would_be"), t("effect")], each.answer.figures.map((figure) =>
    [words(figure.name), rounded(figure.now), rounded(figure.then), `${rounded(figure.effect)} (${rounded(figure.low)} … ${rounded(figure.high)})`]))]);
