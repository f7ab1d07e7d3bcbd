// Pools of counters: how many, on which weekdays others, and which services they give.

import { h, put } from "../shared/dom.js";
import { date, t } from "../shared/i18n.js";
import { button, choice, field } from "../shared/ui.js";

const count = (name, value, more = {}) => h("input", { type: "number", name, value, min: 0, max: 500, ...more });

/** The part of the form, and `read`, which puts what stands there into the draft: false if something is wrong. */
export function pools(draft, point) {
  const element = h("div", { class: "stack" });
  let reading = [];
  draw();
  return { element, read: () => reading.map((read) => read()).every(Boolean) };

  function draw() {
    reading = [];
    put(element, draft.pools.map(one));
  }

  function one(pool) {
    const whole = h("section", { class: "stack pool", "aria-label": pool.code });
    const counters = field(t("counters"), count(`counters_${pool.code}`, pool.counters, { min: 1 }));
    const weekly = [0, 1, 2, 3, 4, 5, 6].map((weekday) => field(t(`weekday_${weekday}`),
      count(`weekly_${pool.code}_${weekday}`, pool.weekly_counters[weekday] ?? "", { placeholder: String(pool.counters) })));
    const services = h("div", { class: "stack" });
    const exceptions = h("div", { class: "stack" });
    drawServices(pool, services);
    drawExceptions(pool, exceptions);
    reading.push(() => {
      const wanted = Number(counters.input.value);
      const right = Number.isInteger(wanted) && wanted >= 1;
      counters.complain(right ? null : t("number_wrong"));
      pool.counters = right ? wanted : pool.counters;
      pool.weekly_counters = Object.fromEntries(weekly.map((each, at) => [at, each.input.value])
        .filter(([, value]) => value !== "").map(([at, value]) => [at, Number(value)]));
      return right;
    });
    return put(whole, h("h3", {}, pool.code), counters,
      h("details", {}, h("summary", {}, t("weekly")), h("div", { class: "week" }, weekly)),
      h("details", { open: true }, h("summary", {}, t("services")), services),
      h("details", {}, h("summary", {}, t("counters_exceptions")), exceptions));
  }

  function drawServices(pool, place) {
    const minutes = (offer, name) => h("input", { type: "number", min: 5, max: 600, step: 5, value: offer[name],
      "aria-label": `${point.nameOf(offer.service)}: ${t(name)}`, on: { change: (event) => { offer[name] = Number(event.target.value); } } });
    const absent = point.services.filter((each) => !pool.services.some((offer) => offer.service === each.code));
    const select = absent.length > 0 && choice(`add_${pool.code}`, absent.map((each) => [each.code, each.name]), absent[0].code,
      { "aria-label": t("add_service") });
    put(place, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("services") }, h("table", {},
      h("thead", {}, h("tr", {}, ["service", "minutes", "every"].map((each) => h("th", { scope: "col" }, t(each))), h("td", {}))),
      h("tbody", {}, pool.services.map((offer, at) => h("tr", {}, h("th", { scope: "row" }, point.nameOf(offer.service)),
        h("td", {}, minutes(offer, "minutes")), h("td", {}, minutes(offer, "every")),
        h("td", {}, button(t("remove"), () => { pool.services.splice(at, 1); drawServices(pool, place); },
          { name: `${t("remove")}: ${point.nameOf(offer.service)}` }))))))),
    select && h("div", { class: "row" }, select, button(t("add_service"), () => {
      pool.services.push({ service: select.value, minutes: 15, every: 15 });
      drawServices(pool, place);
    })));
  }

  function drawExceptions(pool, place) {
    const first = field(t("first_day"), h("input", { type: "date", name: `first_${pool.code}` }));
    const last = field(t("last_day"), h("input", { type: "date", name: `last_${pool.code}` }), t("last_day_hint"));
    const counters = field(t("counters"), count(`exception_${pool.code}`, 0));
    put(place, pool.exceptions.length > 0 && h("ul", { class: "list" }, pool.exceptions.map((each, at) => h("li", { class: "spread" },
      h("span", {}, `${date(each.first_day)} – ${date(each.last_day)}: ${each.counters}`),
      button(t("remove"), () => { pool.exceptions.splice(at, 1); drawExceptions(pool, place); },
        { name: `${t("remove")}: ${date(each.first_day)}` })))),
    first, last, counters, button(t("add"), () => {
      const until = last.input.value || first.input.value;
      first.complain(first.input.value ? null : t("needed"));
      last.complain(until >= first.input.value ? null : t("last_before_first"));
      if (!first.input.value || until < first.input.value) return;
      pool.exceptions.push({ first_day: first.input.value, last_day: until, counters: Number(counters.input.value) });
      drawExceptions(pool, place);
    }));
  }
}
