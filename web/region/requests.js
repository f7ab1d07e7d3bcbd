// Lawful requests beyond any agreement: one operator enters what an authority asks for, another passes it or says no.

import { h, put } from "../shared/dom.js";
import { date, dateHere, momentHere, t } from "../shared/i18n.js";
import { button, card, choice, facts, field, form, nothing, say, show, tick } from "../shared/ui.js";
import { nameIn, words } from "./tables.js";

const DATA = ["migrant_id", "name", "cyrillic_name", "birth_date", "citizenship", "document", "entry", "inn", "snils", "steps_done", "email", "visits"];
const GROUNDS = ["court_order", "criminal_investigation", "prosecutor", "search_for_missing"];
const HIDING = ["pre_trial_investigation", "operative_search", "court_order"];

export default async function requests(place, api, own) {
  const operator = own.role === "region_operator";
  await show(place, async () => {
    const [items, agencies] = await Promise.all([api.everything("/v1/lawful-requests"), operator ? api.get("/v1/exchange/agencies") : { items: [] }]);
    return { items, agencies: agencies.items, names: Object.fromEntries(agencies.items.map((each) => [each.organisation_id, nameIn(each.name)])) };
  }, ({ items, agencies, names }) => {
    const again = () => requests(place, api, own);
    return [h("h2", {}, t("part_requests")), h("p", {}, t("requests_text")), operator && entering(api, agencies, again),
      items.length ? items.map((each) => one(each, names, api, own, again)) : nothing(t("none_yet"))];
  });
}

function one(request, names, api, own, again) {
  const { id, status } = request;
  const mine = request.asked_by === own.account;
  const number = field(t("migrant_id"), h("input", { name: "approved_migrant_id", dir: "ltr", maxlength: 20, autocomplete: "off" }), t("number_in_papers"));
  const decide = (what, body) => async () => {
    await api.post(`/v1/lawful-requests/${id}/${what}`, body?.());
    say(t("saved"));
    await again();
  };
  return card(`${words(request.ground)} · ${request.case_number}`,
    h("span", { class: `tag ${{ waiting: "warn", declined: "bad" }[status] ?? ""}` }, words(`request_${status}`)),
    facts([[t("agency"), names[request.agency_id]], [t("fields"), request.categories.map(words).join(", ")],
      [t("period"), `${date(request.first)} – ${date(request.last)}`], [t("asked_at"), momentHere(request.asked_at)],
      [t("kept_from_person"), request.hide_ground && `${words(request.hide_ground)}, ${t("until_day", { day: dateHere(request.hide_until) })}`],
      [t("approved"), request.approved_at && momentHere(request.approved_at)], [t("declined"), request.declined_at && momentHere(request.declined_at)]]),
    status === "waiting" && own.role === "region_operator" && [mine ? h("p", { class: "warned" }, t("second_needed")) : number, h("div", { class: "row" },
      !mine && button(t("approve"), decide("approve", () => ({ migrant_id: number.input.value.trim() })), { kind: "main", name: `${t("approve")}: ${request.case_number}` }),
      button(t("decline"), decide("decline"), { kind: "danger", name: `${t("decline")}: ${request.case_number}` }))]);
}

function entering(api, agencies, again) {
  if (!agencies.length) return nothing(t("no_agencies"));
  const wanted = new Set();
  const today = new Date().toISOString().slice(0, 10);
  const input = (name, more = {}) => h("input", { name, autocomplete: "off", required: true, ...more });
  const number = field(t("case"), input("case_number", { maxlength: 80 }));
  const person = field(t("migrant_id"), input("migrant_id", { dir: "ltr", maxlength: 20 }));
  const [first, last] = [field(t("first_day"), input("first", { type: "date", max: today })), field(t("last_day"), input("last", { type: "date", max: today, value: today }))];
  const until = field(t("hide_until"), h("input", { name: "hide_until", type: "date", min: today }), t("hide_hint"));
  const fault = h("p", { class: "fault", role: "alert", hidden: true }, t("data_needed"));
  const place = h("details", { class: "card" }, h("summary", {}, t("enter_request")), form(t("enter_request"), async (values) => {
    const wrong = [[number, values.case_number.trim()], [person, values.migrant_id.trim()], [first, values.first], [last, values.last && values.last >= values.first],
      [until, !values.hide || values.hide_until]].map(([each, right]) => { each.complain(right ? null : t("needed")); return !right; });
    fault.hidden = wanted.size > 0;
    if (wrong.includes(true) || !wanted.size) { place.querySelector("[aria-invalid=true]")?.focus(); return; }
    await api.post("/v1/lawful-requests", {
      agency_id: values.agency, ground: values.ground, case_number: values.case_number.trim(), migrant_id: values.migrant_id.trim(),
      categories: DATA.filter((each) => wanted.has(each)), first: values.first, last: values.last,
      hide: values.hide ? { ground: values.hide, until: new Date(`${values.hide_until}T23:59:00`).toISOString() } : null,
    });
    say(t("request_entered"));
    await again();
  },
  field(t("agency"), choice("agency", agencies.map((each) => [each.organisation_id, nameIn(each.name)]), agencies[0].organisation_id)),
  field(t("lawful_ground"), choice("ground", GROUNDS.map((each) => [each, words(each)]), GROUNDS[0])), number, person,
  h("fieldset", {}, h("legend", {}, t("fields")), DATA.map((each) => tick(words(each), false, (on) => (on ? wanted.add(each) : wanted.delete(each)))), fault),
  first, last,
  field(t("hide_ground"), choice("hide", [["", t("hide_not")], ...HIDING.map((each) => [each, words(each)])], "")), until));
  return place;
}
