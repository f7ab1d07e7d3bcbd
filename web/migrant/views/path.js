// The pathway: every step in its order, what is next, until when, and why.

import { h, put } from "../../shared/dom.js";
import { date, moment, momentHere, t } from "../../shared/i18n.js";
import { button, card, field, nothing, say, show, sure } from "../../shared/ui.js";
import { between, daysLeft } from "../parts/days.js";
import { expired } from "../parts/expired.js";
import { today } from "./entry.js";

export default async function path(place, app) {
  const load = async () => {
    const { data: me } = await app.newest("/v1/me");
    if (!me?.migrant_id) return { me };
    if (!me.entry) return { me };
    const [pathway, bookings] = await Promise.all([app.newest("/v1/me/pathway"), app.atHand("/v1/me/bookings")]);
    return { me, pathway: pathway.data, at: pathway.at, bookings: bookings.data?.items ?? [] };
  };
  await show(place, load, (found) => draw(found, app));
}

function draw({ me, pathway, at, bookings }, app) {
  if (!me?.migrant_id) return nothing(t("begin_passport"), h("a", { class: "button main", href: "#passport" }, t("view_passport")));
  if (!pathway) return nothing(t("begin_entry"), h("a", { class: "button main", href: "#entry" }, t("view_entry")));
  const live = bookings.filter((each) => ["confirmed", "arrived"].includes(each.status));
  const open = pathway.steps.some((step) => step.service && !step.offer && !live.some((each) => each.step === step.code)
    && ["available", "due", "overdue", "blocked", "expiring"].includes(step.status));
  const done = pathway.steps.filter((step) => step.status === "done").length;
  return [
    at && h("p", { class: "dim" }, t("kept_from", { when: momentHere(at) })),
    expired(me),
    card(pathway.title, h("div", { class: "spread" }, h("span", { class: "dim" }, t("migrant_id")), h("strong", { dir: "ltr" }, me.migrant_id)),
      pathway.about && h("p", {}, pathway.about),
      pathway.steps.length > 0 && h("div", { class: "bar" }, h("span", {}, t("steps_done", { done, all: pathway.steps.length })),
        h("progress", { max: pathway.steps.length, value: done, "aria-label": t("steps_done", { done, all: pathway.steps.length }) })),
      pathway.stay?.until && daysLeft(pathway.stay.until, pathway.today, t("stay_until", { day: date(pathway.stay.until) })),
      open && h("a", { class: "button main", href: "#plan" }, t("plan_all")),
      live.length > 0 && h("a", { class: "button", href: "#visits" }, t("my_visits", { n: live.length }))),
    h("ol", { class: "path" }, pathway.steps.map((step, at_) => stepOf(step, at_ + 1, pathway, live, app))),
    pathway.not_needed.length > 0 && h("details", {}, h("summary", {}, t("not_needed")),
      h("ul", { class: "list" }, pathway.not_needed.map((each) => h("li", {}, h("strong", {}, each.title), h("p", {}, each.reason),
        h("small", {}, each.reference))))),
    pathway.notes.length > 0 && card(t("good_to_know"), pathway.notes.map((note) => h("p", {}, note.text, h("small", {}, note.reference)))),
  ];
}

function stepOf(step, number, pathway, live, app) {
  const booked = live.find((each) => each.step === step.code);
  const done = step.status === "done" || step.status === "expiring";
  const kind = done ? "done" : step.late ? "late" : pathway.next.includes(step.code) ? "next" : "";
  const title = h("h3", {}, step.title);
  return h("li", { class: kind },
    h("span", { class: "dot", "aria-hidden": "true" }, done ? "✓" : number),
    h("div", { class: "inner" },
      h("div", { class: "spread" }, title, h("span", { class: `tag ${step.late && !done ? "bad" : ""}` }, t(`status_${step.status}`))),
      !done && step.deadline && daysLeft(step.deadline, pathway.today),
      !done && !step.deadline && step.needed_by && h("p", {}, t("needed_by", { day: date(step.needed_by) })),
      done && step.valid_until && h("p", {}, t("valid_until", { day: date(step.valid_until) })),
      !done && step.not_before && between(pathway.today, step.not_before) > 0 && h("p", {}, t("not_before", { day: date(step.not_before) })),
      booked && h("a", { class: "button", href: `#visit/${booked.id}` }, t("booked_for", { when: moment(booked.starts_at) })),
      h("details", {}, h("summary", {}, t("details")), h("div", { class: "stack" },
        h("p", {}, step.instructions), h("p", { class: "dim" }, step.reason),
        step.blocked_by.length > 0 && h("p", {}, t("first_do"), " ", titlesOf(step.blocked_by, pathway)),
        step.bring.length > 0 && h("div", {}, h("strong", {}, t("bring")), h("ul", {}, step.bring.map((each) => h("li", {}, `• ${each}`)))),
        step.fee && h("p", {}, h("strong", {}, `${t("fee")}: `), step.fee),
        step.refused && h("p", {}, h("strong", {}, `${t("if_refused")}: `), step.refused),
        h("small", {}, step.reference))),
      actionsOf(step, done, booked, app)));
}

const titlesOf = (codes, pathway) =>
  codes.map((code) => pathway.steps.find((each) => each.code === code)?.title ?? code).join("; ");

function actionsOf(step, done, booked, app) {
  const row = h("div", { class: "row" });
  const openNow = ["available", "due", "overdue"].includes(step.status);
  if (openNow && step.service && step.offer && !booked) row.append(h("a", { class: "button", href: `#plan/${step.code}` }, t("find_time")));
  if (openNow && step.self_declared) row.append(button(t("i_did_it"), () => declare(row, step, app)));
  if (done && step.source === "self_declared") {
    row.append(button(t("take_back"), async () => {
      if (!(await sure(t("take_back"), step.title, t("yes")))) return;
      await app.actions.do("POST", `/v1/me/pathway/steps/${step.code}/take-back`, undefined, { text: "take_back", title: step.title });
      app.go("path");
    }, { kind: "quiet" }));
  }
  if (openNow && step.by_host) {
    row.append(button(t("ask_host"), async () => {
      const made = await app.api.post(`/v1/me/pathway/steps/${step.code}/invitations`);
      put(row, h("div", { class: "card" }, h("p", {}, t("host_code_text")), h("code", { class: "big", dir: "ltr" }, made.code)));
    }));
  }
  return row.childElementCount ? row : null;
}

function declare(row, step, app) {
  const on = field(t("when_done"), h("input", { type: "date", max: today(), value: today() }));
  put(row, on, button(t("save"), async () => {
    const answer = await app.actions.do("POST", `/v1/me/pathway/steps/${step.code}/done`, { on: on.input.value },
      { text: "i_did_it", title: step.title });
    say(answer === undefined ? t("will_be_sent") : t("saved"));
    app.go("path");
  }, { kind: "main" }), button(t("cancel"), () => app.go("path"), { kind: "quiet" }));
}
