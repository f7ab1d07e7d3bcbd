// The point closes at once: a pipe has burst. Who would be stranded is told before.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { busy, card, field, say } from "../shared/ui.js";
import { asked, stranded } from "./stranded.js";
import { hoursOn, minutesOf, nowIn, without } from "./spans.js";

const DAY = 24 * 60;

export function closing(point, seen) {
  const place = h("div", {});
  enter();
  return h("details", { class: "card" }, h("summary", {}, t("close_now")), place);

  function enter() {
    const since = field(t("since"), h("input", { type: "time", name: "since", step: 300 }), t("since_hint"));
    const until = field(t("until"), h("input", { type: "time", name: "until", step: 300 }), t("until_hint"));
    const ru = field(t("reason_ru"), h("input", { name: "ru", maxlength: 2000, lang: "ru", required: true }));
    const en = field(t("reason_en"), h("input", { name: "en", maxlength: 2000, lang: "en", dir: "ltr", required: true }));
    const send = h("button", { class: "main" }, t("look"));
    const form = h("form", { novalidate: true }, h("p", {}, t("close_now_text")), since, until, ru, en, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      for (const each of [ru, en]) each.complain(each.input.value.trim() ? null : t("needed"));
      if (!ru.input.value.trim() || !en.input.value.trim()) return;
      busy(send, () => look({ since: since.input.value || null, until: until.input.value || null,
        reason: { ru: ru.input.value.trim(), en: en.input.value.trim() } }));
    });
    put(place, form);
  }

  /** The same as an exception of today, which is only looked at. */
  async function look(body) {
    const now = nowIn((await point.api.get(`/v1/points/${point.id}`)).zone);
    const from = body.since ? minutesOf(body.since) : now.minutes - (now.minutes % 5);
    const to = body.until ? minutesOf(body.until) || DAY : DAY;
    const hours = without(hoursOn(seen.plan, now.day), from, to);
    const today = { first_day: now.day, last_day: now.day, hours, reason: body.reason };
    const others = seen.plan.exceptions.flatMap((each) => around(each, now.day));
    const plan = { ...seen.plan, exceptions: [...others, today] };
    const changed = await point.api.put(`/v1/points/${point.id}/plan`, { version: seen.version, plan, preview: true });
    put(place, asked(changed, point.nameOf, t("close_now_do"), async () => {
      const done = await point.api.post(`/v1/points/${point.id}/closures`, body);
      say(t("closed"));
      put(place, card(t("closed"), stranded(done.affected, point.nameOf),
        done.affected.length > 0 && h("p", {}, t("offered_others"))));
    }, enter));
    place.querySelector("h2")?.focus();
  }
}

/** An exception without one of its days. */
function around(exception, date) {
  if (date < exception.first_day || date > exception.last_day) return [exception];
  const shift = (by) => new Date(Date.parse(`${date}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
  return [{ ...exception, last_day: shift(-1) }, { ...exception, first_day: shift(1) }]
    .filter((each) => each.first_day <= each.last_day);
}
