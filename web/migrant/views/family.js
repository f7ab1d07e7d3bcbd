// Who belongs together: children for whom one acts, and relatives; a child is added here, and a visit booked for all.

import { h, put } from "../../shared/dom.js";
import { keyed, send } from "../../shared/http.js";
import { clock, date, moment, t } from "../../shared/i18n.js";
import { claimsOf } from "../../shared/session.js";
import { button, card, choice, field, form, nothing, say, show, sure, tick } from "../../shared/ui.js";
import { home } from "../parts/home.js";
import { today } from "./entry.js";

export default async function family(place, app) {
  const again = () => app.go("family");
  await show(place, async () => {
    const [links, pathway, own] = await Promise.all([app.newest("/v1/me/family"), app.atHand("/v1/me/pathway"), app.atHand("/v1/me")]);
    return { items: links.data.items, steps: pathway.data?.steps ?? [], entry: own.data?.entry, me: await me(app).catch(() => null) };
  }, ({ items, steps, entry, me: own }) => [
    items.length ? h("ul", { class: "list card" }, items.map((each) => link(each, app, again))) : nothing(t("family_none")),
    items.some((each) => each.person_id) && together(items.filter((each) => each.person_id), steps, own, app),
    newChild(app, entry, again), newRelative(app, again),
  ]);
}

/** Who the caller is among those who are booked: as the token says it. */
const me = async (app) => claimsOf(await app.session.token()).person;

function link(each, app, again) {
  return h("li", {},
    h("strong", {}, h("bdi", {}, each.name ?? each.migrant_id ?? t(`relation_${each.relation}`))),
    h("small", {}, t(`relation_${each.relation}`), each.name && each.migrant_id && [" · ", h("bdi", {}, each.migrant_id)],
      each.until && ` · ${t("ward_until", { day: date(each.until) })}`),
    !each.confirmed && h("p", { class: "warned" }, t("link_waits")),
    h("div", { class: "row" },
      !each.confirmed && !each.asked_by_me && button(t("confirm"), async () => { await app.api.post(`/v1/me/family/${each.id}/confirm`); say(t("saved")); again(); }, { kind: "main" }),
      button(t("end_link"), async () => {
        if (!(await sure(t("end_link"), t("end_link_text"), t("end_link")))) return;
        await app.api.remove(`/v1/me/family/${each.id}`);
        again();
      }, { kind: "quiet" })));
}

function newChild(app, entry, again) {
  const key = keyed();
  let together = Boolean(entry);
  const born = field(t("birth_date"), h("input", { type: "date", name: "born", max: today() }));
  const mrz = field(t("child_mrz"), h("textarea", { name: "mrz", class: "mrz", rows: 3, spellcheck: "false", autocapitalize: "characters" }), t("mrz_hint"));
  return h("details", { class: "card" }, h("summary", {}, t("add_child")), h("div", { class: "stack" }, h("p", {}, t("add_child_text")),
    form(t("save"), async (values) => {
      born.complain(values.born ? null : t("birth_needed"));
      if (!values.born) { born.input.focus(); return; }
      const [year, month, day] = values.born.split("-").map(Number);
      const body = { year, month, day, surname: values.surname.trim() || null,
        given_names: values.given_names.trim() || null, mrz: values.mrz.trim() || null };
      const child = await app.api.post("/v1/me/wards", body, { key: key(body) });
      if (together) await enter(child, entry, app);
      say(t("saved"));
      again();
    }, field(t("surname"), h("input", { name: "surname", maxlength: 100, autocomplete: "off" })),
    field(t("given_names"), h("input", { name: "given_names", maxlength: 100, autocomplete: "off" })), born, mrz,
    entry && tick(t("child_came"), together, (on) => { together = on; }))));
}

/** The child's own pathway begins with an entry, which the guardian says in the child's name. */
async function enter(child, { entered_on, visa }, app) {
  const { access_token: token } = await app.api.post(`/v1/me/wards/${child.person_id}/tokens`);
  await send("POST", "/v1/me/entries", { body: { entered_on, purpose: "family", visa }, token });
}

function newRelative(app, again) {
  const id = field(t("migrant_id"), h("input", { name: "migrant_id", dir: "ltr", maxlength: 20, autocomplete: "off" }), t("relative_hint"));
  return h("details", { class: "card" }, h("summary", {}, t("add_relative")),
    form(t("send"), async (values) => {
      id.complain(values.migrant_id.trim().length < 12 ? t("relative_hint") : null);
      if (values.migrant_id.trim().length < 12) { id.input.focus(); return; }
      await app.api.post("/v1/me/family", { migrant_id: values.migrant_id.trim(), relation: values.relation });
      say(t("saved"));
      again();
    }, id, field(t("relation"), choice("relation", ["spouse", "relative"].map((each) => [each, t(`relation_${each}`)]), "spouse"))));
}

/** One service for all who are ticked, at one point: all of them or nobody. */
function together(wards, steps, own, app) {
  const people = [{ id: own, name: t("myself") }, ...wards.map((each) => ({ id: each.person_id, name: each.name ?? each.migrant_id }))]
    .filter((each) => each.id);
  const comes = new Set(people.map((each) => each.id));
  const found = h("div", { class: "stack", "aria-live": "polite" });
  const services = [...new Map(steps.filter((step) => step.service).map((step) => [step.service, step])).values()];
  const which = choice("service", services.map((step) => [step.service, step.title]), services[0]?.service);
  const search = async () => {
    const asked = people.map((each) => each.id).filter((each) => comes.has(each));
    if (!asked.length) { put(found, h("p", { class: "bad", role: "alert" }, t("who_comes"))); return; }
    const from = await home();
    await show(found, () => app.api.get("/v1/free-times", { service: which.value, people: asked.length, lat: from?.lat, lon: from?.lon, limit: 10 }), ({ items }) => {
      const open = items.filter((each) => each.starts_at);
      return open.length ? h("ul", { class: "list" }, open.map((each) => h("li", {},
        h("strong", {}, moment(each.starts_at)), h("span", {}, `${each.point.name}, ${each.point.municipality}`),
        button(t("take_this"), async () => {
          const { items: made } = await app.api.post("/v1/family-bookings", { service: which.value, point_id: each.point.id, starts_at: each.starts_at, people: asked });
          put(found, h("p", { class: "good", role: "status" }, t("together_booked")), h("ul", { class: "list" }, made.map((one) => h("li", {},
            `${people.find((person) => person.id === one.person_id)?.name ?? ""}: ${clock(one.booking.starts_at)}`))));
        }, { kind: "main" })))) : nothing(t("no_free"));
    });
  };
  return card(t("book_together"), h("fieldset", {}, h("legend", {}, t("who_comes")), people.map((each) => h("label", { class: "pick" },
    h("input", { type: "checkbox", checked: true, on: { change: (event) => (event.target.checked ? comes.add(each.id) : comes.delete(each.id)) } }), h("bdi", {}, each.name)))),
  field(t("visit_kind"), which), button(t("find_time"), search, { kind: "main" }), found);
}
