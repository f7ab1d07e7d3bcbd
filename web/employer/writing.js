// A vacancy is written or changed: by codes where there are some, and a language only with the reason for it.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { button, choice, field, form, say, show, tick } from "../shared/ui.js";
import { SHIFTS, named } from "./terms.js";
import { faults } from "./vacancy.js";

const LANGUAGES = ["ru", "tt", "en", "uz", "tg", "ky", "kk", "tr", "zh"];
const LEVELS = ["A1", "A2", "B1", "B2", "C1", "C2"];
const EMPLOYMENT = ["FULL_TIME", "PART_TIME", "TEMPORARY", "INTERN"];
const UNITS = ["MONTH", "WEEK", "DAY", "HOUR"];
const DAY = 86_400_000;

export const writing = (place, app, id) =>
  show(place, () => (id ? app.api.get(`/v1/employer/vacancies/${id}`) : null), (found) => sheet(app, found));

const inDays = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

function sheet(app, found) {
  const before = found?.posting;
  const [need, ...needs] = before?.languageRequirements ?? [];
  const [shifts, skills] = [new Set(before?.workHours ?? ["day"]), new Set(before?.skills ?? [])];
  const boxes = (set, codes, text) => codes.map((code) => tick(text(code), set.has(code), (on) => (on ? set.add(code) : set.delete(code))));
  const input = (name, value, more = {}) => h("input", { name, value, ...more });
  const refused = h("div");
  const years = Math.floor((before?.experienceRequirements.monthsOfExperience ?? 0) / 12);
  const geo = before?.jobLocation.geo;
  const where = field(t("coordinates"), input("geo", geo ? `${geo.latitude}, ${geo.longitude}` : "", { required: true, dir: "ltr" }), t("coordinates_hint"));
  const salary = before?.baseSalary;

  async function save(values) {
    const place = values.geo.split(/[,;\s]+/).map(Number);
    where.complain(place.length === 2 && place.every(Number.isFinite) ? null : t("coordinates_hint"));
    if (place.length !== 2 || !place.every(Number.isFinite)) return;
    const asked = values.language ? [{ language: values.language, level: values.level, reason: values.reason }] : [];
    const posting = {
      title: values.title, description: values.description, occupationalCategory: values.occupation,
      skills: [...skills], workHours: SHIFTS.filter((each) => shifts.has(each)), employmentType: values.employment,
      jobLocation: { geo: { latitude: place[0], longitude: place[1] }, address: { addressLocality: values.locality } },
      baseSalary: { currency: values.currency, value: { minValue: Number(values.least), maxValue: Number(values.most) || null, unitText: values.unit } },
      validThrough: values.until, jobStartDate: values.start, totalJobOpenings: Number(values.openings),
      experienceRequirements: { monthsOfExperience: 12 * Number(values.years) },
      languageRequirements: [...asked, ...needs],
    };
    put(refused);
    try {
      const made = found ? await app.api.put(`/v1/employer/vacancies/${found.id}`, { version: found.version, posting })
        : await app.api.post("/v1/employer/vacancies", posting);
      say(t("saved"));
      await app.go("vacancy", made.id);
    } catch (error) {
      if (error.code !== "vacancy_refused") throw error;
      put(refused, faults(error));
    }
  }

  const occupations = app.terms.occupations.map((each) => [each.code, `${named(each.name)} (${each.code})`])
    .sort((one, other) => one[1].localeCompare(other[1]));
  const texts = (codes, prefix) => codes.map((each) => [each, t(`${prefix}_${each}`)]);
  return h("section", { class: "card" }, h("h2", {}, found ? t("change") : t("new_vacancy")), h("p", { class: "dim" }, t("wording_text")),
    form(t("save"), save,
      field(t("vacancy_title"), input("title", before?.title ?? "", { required: true, minlength: 3, maxlength: 150 })),
      field(t("description"), h("textarea", { name: "description", rows: 6, required: true, maxlength: 8000 }, before?.description ?? "")),
      field(t("occupation"), choice("occupation", occupations, before?.occupationalCategory ?? "7212")),
      field(t("place"), input("locality", before?.jobLocation.address.addressLocality ?? "", { required: true, maxlength: 120 })), where,
      h("fieldset", {}, h("legend", {}, t("shifts")), boxes(shifts, SHIFTS, (code) => t(`shift_${code}`))),
      h("details", {}, h("summary", {}, t("skills_needed")), h("div", { class: "stack" },
        boxes(skills, [...app.terms.skills, ...app.terms.certificates].map((each) => each.code), (code) => app.names[code]))),
      field(t("years"), input("years", years, { type: "number", min: 0, max: 10 })),
      field(t("employment"), choice("employment", texts(EMPLOYMENT, "employment"), before?.employmentType ?? "FULL_TIME")),
      field(t("pay_least"), input("least", salary?.value.minValue ?? "", { type: "number", min: 1, required: true })),
      field(t("pay_most"), input("most", salary?.value.maxValue ?? "", { type: "number", min: 1 })),
      field(t("currency"), choice("currency", [["RUB", "RUB"], ["KZT", "KZT"]], salary?.currency ?? "RUB")),
      field(t("pay_for"), choice("unit", texts(UNITS, "unit"), salary?.value.unitText ?? "MONTH")),
      field(t("openings"), input("openings", before?.totalJobOpenings ?? 1, { type: "number", min: 1, max: 1000 })),
      field(t("start"), input("start", before?.jobStartDate ?? inDays(30), { type: "date", required: true })),
      field(t("valid_through"), input("until", before?.validThrough ?? inDays(60), { type: "date", required: true })),
      h("fieldset", {}, h("legend", {}, t("language_needed")), h("p", { class: "hint" }, t("language_hint")),
        field(t("language"), choice("language", [["", t("language_none")], ...LANGUAGES.map((tag) => [tag, tag])], need?.language ?? "")),
        field(t("level"), choice("level", LEVELS.map((each) => [each, each]), need?.level ?? "A2")),
        field(t("reason"), input("reason", need?.reason ?? "", { maxlength: 500 }))),
      refused),
    button(t("back"), () => app.go(...(found ? ["vacancy", found.id] : ["vacancies"])), { kind: "quiet" }));
}
