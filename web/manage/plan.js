// The plan as a form: hours of a week, exceptions, pools of counters. Nothing changes before it was looked at.

import { h, put } from "../shared/dom.js";
import { date, t } from "../shared/i18n.js";
import { busy, button, card, field, say, tick } from "../shared/ui.js";
import { asked } from "./stranded.js";
import { pools } from "./pools.js";
import { spansOf, written } from "./spans.js";

export function plan(point, seen) {
  const draft = structuredClone(seen.plan);
  const place = h("div", { class: "stack" });
  const exceptions = h("div", { class: "stack" });
  const days = [0, 1, 2, 3, 4, 5, 6].map((weekday) => field(t(`weekday_${weekday}`),
    h("input", { name: `hours_${weekday}`, value: written(draft.hours[weekday] ?? []), dir: "ltr", autocomplete: "off" })));
  const holidays = tick(t("open_on_holidays"), draft.open_on_holidays, (on) => { draft.open_on_holidays = on; });
  const counters = pools(draft, point);
  const send = h("button", { class: "main" }, t("look"));
  const form = h("form", { novalidate: true },
    h("fieldset", {}, h("legend", {}, t("hours")), h("p", { class: "hint" }, t("hours_hint")),
      h("div", { class: "week" }, days), holidays),
    h("fieldset", {}, h("legend", {}, t("exceptions")), exceptions),
    h("fieldset", {}, h("legend", {}, t("pools")), counters.element), send);
  form.addEventListener("submit", (event) => { event.preventDefault(); busy(send, look); });
  drawExceptions();
  enter();
  return place;

  function enter() { put(place, card(t("plan"), form)); }

  function drawExceptions() {
    const sorted = draft.exceptions.map((each, at) => [each, at]).sort(([one], [other]) =>
      one.first_day.localeCompare(other.first_day));
    put(exceptions,
      sorted.length ? h("ul", { class: "list" }, sorted.map(([each, at]) => h("li", { class: "spread" },
        h("span", {}, each.first_day === each.last_day ? date(each.first_day) : `${date(each.first_day)} – ${date(each.last_day)}`,
          h("small", {}, each.hours.length ? h("bdi", { dir: "ltr" }, written(each.hours)) : t("closed_then"), " · ",
            h("bdi", {}, each.reason[document.documentElement.lang] ?? each.reason.en))),
        button(t("remove"), () => { draft.exceptions.splice(at, 1); drawExceptions(); },
          { name: `${t("remove")}: ${date(each.first_day)}` })))) : h("p", { class: "dim" }, t("no_exceptions")),
      h("details", {}, h("summary", {}, t("add_exception")), adding()));
  }

  function adding() {
    const first = field(t("first_day"), h("input", { type: "date", name: "first_day" }));
    const last = field(t("last_day"), h("input", { type: "date", name: "last_day" }), t("last_day_hint"));
    const hours = field(t("hours_then"), h("input", { name: "exception_hours", dir: "ltr", autocomplete: "off" }), t("hours_then_hint"));
    const ru = field(t("reason_ru"), h("input", { name: "reason_ru", lang: "ru", maxlength: 2000 }));
    const en = field(t("reason_en"), h("input", { name: "reason_en", lang: "en", dir: "ltr", maxlength: 2000 }));
    return h("div", { class: "stack" }, first, last, hours, ru, en, button(t("add"), () => {
      const spans = spansOf(hours.input.value);
      const until = last.input.value || first.input.value;
      const right = [
        [first, first.input.value ? null : t("needed")], [last, until >= first.input.value ? null : t("last_before_first")],
        [hours, spans ? null : t("hours_wrong")],
        [ru, ru.input.value.trim() ? null : t("needed")], [en, en.input.value.trim() ? null : t("needed")],
      ].map(([each, fault]) => { each.complain(fault); return !fault; });
      if (right.includes(false)) return;
      draft.exceptions.push({ first_day: first.input.value, last_day: until, hours: spans,
        reason: { ru: ru.input.value.trim(), en: en.input.value.trim() } });
      drawExceptions();
      say(t("added"));
    }));
  }

  async function look() {
    let right = counters.read();
    for (const [weekday, each] of days.entries()) {
      const spans = spansOf(each.input.value);
      each.complain(spans ? null : t("hours_wrong"));
      if (!spans) right = false;
      else if (spans.length) draft.hours[weekday] = spans;
      else delete draft.hours[weekday];
    }
    if (!right) { form.querySelector("[aria-invalid=true]")?.focus(); return; }
    const change = { version: seen.version, plan: draft };
    const path = `/v1/points/${point.id}/plan`;
    const changed = await point.api.put(path, { ...change, preview: true });
    put(place, asked(changed, point.nameOf, t("apply"), async () => {
      await point.api.put(path, { ...change, confirmation: changed.confirmation });
      say(t("saved"));
      await point.again();
    }, enter));
    place.querySelector("h2")?.focus();
  }
}
