// What codes are called. Occupations and skills have names in Russian and English.

import { h } from "../shared/dom.js";
import { current, date, number, t } from "../shared/i18n.js";
import { facts } from "../shared/ui.js";

const IN_ENGLISH = new Set(["en", "zh-Hans", "vi", "fa-AF", "tr"]);
export const SHIFTS = ["day", "evening", "night", "rotating", "fly_in"];

/** A name that stands in Russian and English: the one that the reader is likelier to read. */
export const named = (name) => name[IN_ENGLISH.has(current()) ? "en" : "ru"] ?? name.en ?? name.ru;

/** The name of each occupation, skill and certificate, by its code. */
export function namesOf(terms) {
  const all = [...terms.occupations, ...terms.skills, ...terms.certificates];
  return Object.fromEntries(all.map((each) => [each.code, named(each.name)]));
}

export const shiftNames = (shifts) => shifts.map((each) => t(`shift_${each}`)).join(", ");

export function pay({ currency, value }) {
  const sum = [value.minValue, value.maxValue].filter(Boolean).map(number).join("–");
  return `${sum} ${currency} / ${t(`unit_${value.unitText}`)}`;
}

/** Whether it may be seen by people, in a word. */
export const standing = (status) =>
  h("span", { class: `tag ${status === "published" ? "" : "warn"}` }, t(`status_${status}`));

export const about = (posting, names) => facts([
  [t("occupation"), names[posting.occupationalCategory] ?? posting.occupationalCategory],
  [t("place"), posting.jobLocation.address.addressLocality],
  [t("shifts"), shiftNames(posting.workHours)],
  [t("pay"), pay(posting.baseSalary)],
  [t("start"), date(posting.jobStartDate)],
  [t("valid_through"), date(posting.validThrough)],
  [t("openings"), posting.totalJobOpenings],
  [t("skills"), posting.skills.map((code) => names[code] ?? code).join(", ")],
  [t("years"), Math.floor(posting.experienceRequirements.monthsOfExperience / 12) || null],
  [t("language_needed"), posting.languageRequirements.map((need) => `${need.language} ${need.level}: ${need.reason}`).join("; ")],
]);
