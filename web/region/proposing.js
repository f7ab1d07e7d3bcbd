// An agreement, proposed: which data of whom an agency is told, what for, by which law, how and for how long.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { choice, field, form, say, tick } from "../shared/ui.js";
import { nameIn, words } from "./tables.js";

const DATA = ["migrant_id", "name", "cyrillic_name", "birth_date", "citizenship", "document", "entry", "inn", "snils", "steps_done"];
const BY_CONSENT = ["email"];
const STEPS = ["registration", "medical", "fingerprints", "exam", "insurance", "translation", "application", "tax_advance", "collection", "contract", "contract_notice", "course"];
const WAYS = ["search", "list", "feed"];
// An agency's own task and no other's; an authority has no agreement.
const PURPOSES = { migration: ["migration_registration", "patent_issue"], tax: ["tax_accounting"], labour: ["employment_support", "labour_protection"],
  education: ["enrolment"], adaptation: ["integration_courses"], health: ["medical_examination"], authority: [] };
const YEAR = 365;
const dayIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** `services`: each a code and a name in the reader's language. */
export function proposing(api, agencies, services, again) {
  const able = agencies.filter((each) => PURPOSES[each.kind]?.length);
  if (!able.length) return null;
  const serviceNames = Object.fromEntries(services.map((each) => [each.code, each.name]));
  const agency = choice("agency", able.map((each) => [each.organisation_id, nameIn(each.name)]), able[0].organisation_id, { on: { change: fit } });
  const purpose = h("select", { name: "purpose" });
  const people = choice("people", ["visited", "step_done", "consented"].map((each) => [each, t(`people_${each}`)]), "visited", { on: { change: fit } });
  const data = ticks(t("fields"), [...DATA, ...BY_CONSENT], words, fit);
  const visited = ticks(t("which_services"), Object.keys(serviceNames), (code) => serviceNames[code]);
  const done = ticks(t("which_steps"), STEPS, words);
  const told = ticks(t("steps_told"), STEPS, words);
  const ways = ticks(t("way"), WAYS, words, fit);
  const number = (name, value, max) => h("input", { name, type: "number", min: 1, max, value, required: true, dir: "ltr" });
  const hours = field(t("every_hours"), number("every_hours", 24, 744));
  const kept = field(t("kept_days"), number("retention_days", 90, 1830));
  const citation = field(t("citation"), h("input", { name: "citation", maxlength: 200, autocomplete: "off", required: true }), t("citation_hint"));
  const day = (name, days) => h("input", { name, type: "date", min: dayIn(0), value: dayIn(days), required: true });
  const [first, last] = [field(t("first_day"), day("first", 0)), field(t("last_day"), day("last", YEAR), t("agreement_ends_hint"))];
  const place = h("details", { class: "card" }, h("summary", {}, t("propose")), form(t("propose"), propose,
    field(t("agency"), agency), field(t("purpose"), purpose), field(t("whom"), people), visited, done, data, told, ways, hours, kept, citation, first, last));
  fit();
  return place;

  /** Only what fits what was chosen is asked for. */
  function fit() {
    const { kind } = able.find((each) => each.organisation_id === agency.value);
    const purposes = PURPOSES[kind];
    if (!purposes.includes(purpose.value)) put(purpose, purposes.map((each) => h("option", { value: each }, words(each))));
    visited.hidden = people.value !== "visited";
    done.hidden = people.value !== "step_done";
    for (const each of BY_CONSENT) data.offer(each, people.value === "consented");
    told.hidden = !data.chosen().includes("steps_done");
    hours.hidden = !ways.chosen().includes("feed");
  }

  async function propose(values) {
    const groups = [visited, done, data, told, ways].filter((each) => !each.hidden);
    const inside = (input) => Number.isInteger(Number(input.value)) && input.validity.valid && input.value !== "";
    const wrong = [
      ...groups.map((each) => [each, each.chosen().length ? null : t("tick_one")]),
      [hours, hours.hidden || inside(hours.input) ? null : t("whole_number", { max: 744 })],
      [kept, inside(kept.input) ? null : t("whole_number", { max: 1830 })],
      [citation, values.citation.trim().length >= 5 ? null : t("needed")],
      [first, values.first ? null : t("needed")], [last, values.last && values.last >= values.first ? null : t("agreement_ends_hint")],
    ].map(([each, fault]) => { each.complain(fault); return fault !== null; });
    if (wrong.includes(true)) { place.querySelector("[aria-invalid=true]")?.focus(); return; }
    await api.post("/v1/exchange/agreements", { agency_id: values.agency, terms: {
      fields: data.chosen(), people: values.people, codes: { visited, step_done: done }[values.people]?.chosen() ?? [],
      steps: told.hidden ? [] : told.chosen(), purpose: values.purpose, basis: values.people === "consented" ? "consent" : "law",
      citation: values.citation.trim(), ways: ways.chosen(), every_hours: hours.hidden ? null : Number(values.every_hours),
      retention_days: Number(values.retention_days), valid_from: new Date(`${values.first}T00:00:00`).toISOString(),
      valid_to: new Date(`${values.last}T23:59:59`).toISOString(),
    } });
    say(t("proposed"));
    await again();
  }
}

/** Boxes of which at least one has to be ticked. `offer(code, on)` shows one or takes it away. */
function ticks(legend, codes, nameOf, onChange = () => {}) {
  const wanted = new Set();
  const boxes = new Map(codes.map((code) => [code, tick(nameOf(code), false, (on) => {
    if (on) wanted.add(code);
    else wanted.delete(code);
    onChange();
  })]));
  const fault = h("p", { class: "fault", role: "alert", hidden: true });
  const element = h("fieldset", {}, h("legend", {}, legend), [...boxes.values()], fault);
  return Object.assign(element, {
    chosen: () => codes.filter((code) => wanted.has(code) && !boxes.get(code).hidden),
    offer(code, on) { boxes.get(code).hidden = !on; },
    complain(text) {
      fault.hidden = !text;
      fault.textContent = text ?? "";
      element.querySelector("input").setAttribute("aria-invalid", text ? "true" : "false");
    },
  });
}
