// What the person has complained of: each with its number, the last day for an answer, and the answer.

import { keyed } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { date, moment, momentHere, t } from "../../shared/i18n.js";
import { card, choice, facts, field, form, nothing, say, show } from "../../shared/ui.js";
import { titles } from "./visits.js";

const MATTERS = ["unpaid_wages", "papers_taken", "no_contract", "forced_work", "controlled_persons", "other"];

/** `about`: the booking that it is about, if it began there. */
export default async function complaints(place, app, about) {
  await show(place, async () => {
    const [list, bookings, named] = await Promise.all([app.newest("/v1/me/complaints"), app.atHand("/v1/me/bookings"), titles(app)]);
    return { items: list.data.items, bookings: bookings.data?.items ?? [], named };
  }, ({ items, bookings, named }) => [
    items.length ? items.map(one) : nothing(t("complaints_none")),
    h("details", { class: "card", open: Boolean(about) || !items.length }, h("summary", {}, t("complain")), fresh(app, bookings, named, about)),
  ]);
}

function one(each) {
  return h("section", { class: "card" },
    h("div", { class: "spread" }, h("h2", {}, t("complaint_number"), " ", h("bdi", { dir: "ltr" }, each.number)), h("span", { class: "tag" }, t(`complaint_${each.status}`))),
    h("p", {}, t(`complaint_${each.kind}`), each.kind === "labour" && `: ${t(`matter_${each.matter}`)}`),
    each.status !== "answered" && h("p", {}, h("strong", {}, t("answer_due", { day: date(each.answer_by) }))),
    each.answer && h("div", { class: "good-card" }, h("strong", {}, t("answer")), h("p", { lang: each.answer_language, dir: "auto", class: "notice" }, each.answer)),
    h("details", {}, h("summary", {}, t("details")), each.text && h("p", { lang: each.language, dir: "auto", class: "notice" }, each.text),
      facts([[t("received"), momentHere(each.received_at)], [t("answered"), each.answered_at && momentHere(each.answered_at)], [t("ground"), each.law]])),
    each.turn_to.length > 0 && h("div", {}, h("strong", {}, t("turn_to")), h("ul", { class: "list" }, each.turn_to.map((helper) => h("li", {},
      h("p", {}, helper.name), h("small", {}, helper.what),
      helper.phone && h("a", { href: `tel:${helper.phone}`, dir: "ltr" }, helper.phone))))));
}

function fresh(app, bookings, named, about) {
  const key = keyed();
  const text = field(t("complaint_text"), h("textarea", { name: "text", rows: 5, maxlength: 4000 }), t("complaint_secret"));
  const matter = field(t("matter"), choice("matter", MATTERS.map((each) => [each, t(`matter_${each}`)]), "other"));
  const visits = bookings.filter((each) => ["confirmed", "arrived", "completed", "cancelled", "missed"].includes(each.status));
  const visit = field(t("complaint_visit"), choice("booking", [["", "—"], ...visits.map((each) =>
    [each.id, `${named[each.step] ?? each.step} · ${moment(each.starts_at)}`])], about ?? ""));
  const kind = choice("kind", ["service", "register_entry", "labour"].map((each) => [each, t(`complaint_${each}`)]), "service");
  const fit = () => { matter.hidden = kind.value !== "labour"; visit.hidden = kind.value !== "service"; };
  kind.addEventListener("change", fit);
  fit();
  return form(t("send"), async (values) => {
    text.complain(values.text.trim() ? null : t("complaint_text"));
    if (!values.text.trim()) { text.input.focus(); return; }
    const body = { kind: values.kind, text: values.text.trim() };
    if (values.kind === "labour") body.matter = values.matter;
    if (values.kind === "service" && values.booking) body.booking_id = values.booking;
    const made = await app.api.post("/v1/me/complaints", body, { key: key(body) });
    say(`${t("complaint_number")} ${made.number}`);
    app.go("complaints");
  }, field(t("complaint_kind"), kind), matter, visit, text);
}
