// Complaints: what has to be answered first stands first. Who complains is not told here; that it was read, they are.

import { h, put } from "../shared/dom.js";
import { LANGUAGES, date, momentHere, t } from "../shared/i18n.js";
import { bar, button, card, choice, facts, field, form, nothing, say, show } from "../shared/ui.js";
import { daysTo, words } from "./tables.js";

const MANY = 50;
const SOON = 5;

export default async function complaints(place, api) {
  const points = await api.get("/v1/points").then(({ items }) => Object.fromEntries(items.map((each) => [each.id, each.name])), () => ({}));
  const app = { api, nameOf: (id) => (id ? points[id] ?? t("point") : null) };
  const list = h("div", { class: "stack" });
  const which = choice("answered", [["no", t("complaints_open")], ["yes", t("complaints_answered")]], "no", { on: { change: () => open() } });
  put(place, h("h2", {}, t("part_complaints")), h("p", { class: "dim" }, t("complaints_text")), field(t("state"), which), list);
  await open();

  function open() {
    return show(list, () => page(), (found) => (found.items.length ? rows(found) : nothing(t(which.value === "yes" ? "none_yet" : "complaints_none"))));
  }

  function page(cursor) {
    return api.get("/v1/complaints", { answered: which.value === "yes", limit: MANY, cursor });
  }

  function rows({ items, next }) {
    const more = next && button(t("more"), async () => more.replaceWith(...rows(await page(next)).filter(Boolean)));
    return [...items.map((each) => one(each, app)), more];
  }
}

/** A complaint by its number; what it says is asked for when it is opened, since its writer's log tells of that. */
function one(listed, app) {
  const content = h("div", { class: "stack" });
  const top = h("div", { class: "stack" });
  const opened = h("details", {}, h("summary", {}, t("complaint_read")), content);
  opened.addEventListener("toggle", () => { if (opened.open && !content.childNodes.length) read(); });
  draw(listed);
  return card(null, top, opened);

  function draw(found) {
    put(top, h("div", { class: "spread" }, h("h3", {}, t("complaint", { number: found.number })), standing(found)),
      h("p", {}, [t(`complaint_${found.kind}`), found.matter !== "other" && t(`matter_${found.matter}`), app.nameOf(found.point_id)].filter(Boolean).join(" · ")),
      deadline(found));
  }

  function read() {
    return show(content, () => app.api.get(`/v1/complaints/${listed.id}`), whole);
  }

  function told(found) {
    draw(found);
    put(content, whole(found));
  }

  function whole(found) {
    const open = found.status !== "answered";
    return [
      facts([[t("came_at"), momentHere(found.received_at)], [t("service"), found.service && words(found.service)], [t("visit_day"), found.visit_day && date(found.visit_day)],
        [t("migrant_id"), found.migrant_id && h("code", { dir: "ltr" }, found.migrant_id)], [t("ground"), found.law]]),
      words_of(found.text, found.language),
      found.answered_at && [h("h4", {}, t("answer_of", { when: momentHere(found.answered_at) })), words_of(found.answer, found.answer_language)],
      open && found.status === "received" && button(t("take"), async () => told(await app.api.post(`/v1/complaints/${listed.id}/take`))),
      open && answering(found),
    ];
  }

  function answering(found) {
    const text = field(t("answer"), h("textarea", { name: "text", rows: 5, maxlength: 4000, required: true }), t("answer_hint"));
    const language = field(t("answer_language"), choice("language", LANGUAGES, found.language));
    return form(t("send_answer"), async (values) => {
      text.complain(values.text.trim() ? null : t("answer_needed"));
      if (!values.text.trim()) { text.input.focus(); return; }
      told(await app.api.post(`/v1/complaints/${listed.id}/answer`, { text: values.text.trim(), language: values.language }));
      say(t("answered"));
    }, text, language);
  }
}

const standing = ({ status }) => h("span", { class: `tag ${{ escalated: "bad", answered: "" }[status] ?? "warn"}` }, t(`complaint_${status}`));

/** The last day, and how much of the time is over: after it the complaint goes higher. */
function deadline(found) {
  const last = t("answer_by", { day: date(found.answer_by) });
  if (found.status === "answered") return h("p", { class: "dim" }, last);
  const left = daysTo(found.answer_by);
  const words = left < 0 ? t("days_late", { n: -left }) : t("days_left", { n: left });
  const whole = Math.max(1, daysTo(found.answer_by) - daysTo(found.received_at));
  return h("div", { class: left < SOON ? "bad" : "" }, bar(`${last} · ${words}`, Math.min(whole, Math.max(0, whole - left)), whole));
}

const words_of = (text, language) => (text === null ? h("p", { class: "dim" }, t("erased")) : h("blockquote", { lang: language, dir: "auto" }, text));
