// Work that fits, employers who ask, and what the person says of their work. Nothing is shown to employers unasked.

import { h, put } from "../../shared/dom.js";
import { current, date, dateHere, number, t } from "../../shared/i18n.js";
import { button, card, choice, facts, field, form, nothing, say, show, tick } from "../../shared/ui.js";

const ANSWERED = { accepted: "consent_given", declined: "consent_refused" };
const SHIFTS = ["day", "evening", "night", "rotating", "fly_in"];

export default async function jobs(place, app) {
  const [asked, suited, own] = [h("div", { class: "stack" }), h("div", { class: "stack" }), h("div")];
  put(place, asked, suited, own);
  await Promise.all([
    show(asked, () => app.api.get("/v1/me/employer-requests"), ({ items }) => items.map((each) => request(each, app))),
    show(suited, () => app.newest("/v1/me/matched-vacancies"), ({ data }) => [h("h2", {}, t("jobs_fit")), data.items.length
      ? data.items.map(vacancy) : nothing(t("jobs_none"))]),
    show(own, async () => ({ terms: await app.api.get("/v1/work-terms"), work: (await app.newest("/v1/me/work-profile")).data }),
      (found) => work(found, app)),
  ]);
}

/** A name that stands in Russian and English: the one that the reader is likelier to read. */
const named = (name) => name[["en", "zh-Hans", "vi", "fa-AF", "tr"].includes(current()) ? "en" : "ru"] ?? name.en ?? name.ru;

function posting(one) {
  const pay = one.baseSalary;
  const sum = [pay.value.minValue, pay.value.maxValue].filter(Boolean).map(number).join("–");
  return facts([[t("pay"), `${sum} ${pay.currency} / ${t(`pay_${pay.value.unitText.toLowerCase()}`)}`], [t("place"), one.jobLocation.address.addressLocality],
    [t("shift"), one.workHours.map((each) => t(`shift_${each}`)).join(", ")], [t("begins"), date(one.jobStartDate)]]);
}

function vacancy({ company, posting: one, match }) {
  return h("section", { class: "card" },
    h("div", { class: "spread" }, h("h3", {}, one.title), h("strong", { class: "good" }, t("fits", { n: match.score }))),
    h("p", { class: "dim" }, named(company)), posting(one),
    h("details", {}, h("summary", {}, t("why_fits")), h("p", {}, one.description), h("ul", { class: "list" }, match.parts.map((part) => h("li", {},
      h("div", { class: "spread" }, h("span", {}, t(`about_${part.about}`)), h("span", {}, `${part.points} / ${part.most}`)),
      h("meter", { min: 0, max: part.most, value: part.points, "aria-label": t(`about_${part.about}`) }))))));
}

function request(each, app) {
  const buttons = h("div", { class: "row" });
  if (each.open) {
    put(buttons, button(t("agree"), async () => {
      const { items } = await app.api.get("/v1/me/consents/notices");
      const notice = items.find((one) => one.purpose === "reveal_contacts" && one.scope === each.vacancy_id);
      put(buttons, h("div", { class: "stack" }, h("p", {}, notice.text), h("div", { class: "row" },
        button(t("agree"), async () => {
          await app.api.post(`/v1/me/employer-requests/${each.id}/accept`, { language: notice.language, sha256: notice.sha256 });
          say(t("saved"));
          app.go("jobs");
        }, { kind: "main" }), refuse(each, app))));
    }, { kind: "main" }), refuse(each, app));
  }
  return h("section", { class: `card ${each.open ? "warn" : ""}` }, h("h2", {}, t("asks_contacts", { company: named(each.company) })),
    h("h3", {}, each.posting.title), posting(each.posting),
    each.open ? h("p", {}, t("answer_by", { day: dateHere(each.expires_at) })) : h("span", { class: "tag" }, t(ANSWERED[each.status] ?? "asked_over")), buttons);
}

const refuse = (each, app) => button(t("refuse"), async () => {
  await app.api.post(`/v1/me/employer-requests/${each.id}/decline`);
  say(t("saved"));
  app.go("jobs");
}, { kind: "main" });

function work({ terms, work: found }, app) {
  const profile = found?.profile ?? { worked: [], skills: [], certificates: [], shifts: [], wishes: [], languages: [], permitted: [], place: null };
  const options = [["", "—"], ...terms.occupations.map((each) => [each.code, named(each.name)]).sort((one, other) => one[1].localeCompare(other[1]))];
  const [first] = profile.worked;
  const skills = new Set(profile.skills);
  const shifts = new Set(profile.shifts);
  const boxes = (set, codes, text) => codes.map((code) => tick(text(code), set.has(code), (on) => (on ? set.add(code) : set.delete(code))));
  const names = Object.fromEntries(terms.skills.map((each) => [each.code, named(each.name)]));
  return card(t("my_work"), h("p", {}, t("my_work_text")),
    found && h("p", { class: "dim" }, found.allowed ? (found.allowed.now ? t("may_work_now") : t("may_work_from", { day: date(found.allowed.since) })) : t("may_work_unknown")),
    found && !found.visible && h("a", { href: "#consents" }, t("be_found")),
    form(t("save"), async (values) => {
      const rest = profile.worked.slice(1);
      const worked = values.occupation ? [{ occupation: values.occupation, years: Number(values.years) || 0 }, ...rest] : rest;
      await app.api.put("/v1/me/work-profile", { ...profile, worked, skills: [...skills], shifts: [...shifts] });
      say(t("saved"));
      app.go("jobs");
    }, field(t("occupation"), choice("occupation", options, first?.occupation ?? "")),
    field(t("years"), h("input", { type: "number", name: "years", min: 0, max: 60, value: first?.years ?? 0, inputmode: "numeric" })),
    h("fieldset", {}, h("legend", {}, t("shift")), boxes(shifts, SHIFTS, (code) => t(`shift_${code}`))),
    h("details", {}, h("summary", {}, t("skills")), h("div", { class: "stack" }, boxes(skills, Object.keys(names), (code) => names[code])))),
    found && button(t("remove"), async () => { await app.api.remove("/v1/me/work-profile"); app.go("jobs"); }, { kind: "danger" }));
}
