// Language, size of text, colours; what is told and when; where one is signed in.

import { h, put } from "../../shared/dom.js";
import { momentHere, t } from "../../shared/i18n.js";
import { choose, look, looks } from "../../shared/look.js";
import { languages } from "../../shared/shell.js";
import { button, card, choice, field, form, say, show, sure, tick } from "../../shared/ui.js";

const OUTSIDE = ["push", "sms", "email"];

export default async function settings(place, app) {
  const messages = h("div");
  const devices = h("div");
  const tongue = languages(() => app.redraw());
  const pick = (what) => {
    const select = choice(what, looks[what].map((each) => [each, t(`look_${each}`)]), look(what));
    select.addEventListener("change", () => choose(what, select.value));
    return field(t(`look_${what}`), select);
  };
  tongue.removeAttribute("aria-label");
  put(place, card(t("appearance"), field(t("language"), tongue, t("unreviewed_if")), pick("size"), pick("theme")), messages, devices,
    card(t("sign_out"), h("p", {}, t("sign_out_text")), button(t("sign_out"), async () => {
      if (await sure(t("sign_out"), t("sign_out_text"), t("sign_out"))) await app.session.signOut();
    }, { kind: "danger" })));
  await Promise.all([
    show(messages, () => app.api.get("/v1/me/reminder-preferences"), (found) => reminders(found, app)),
    show(devices, () => app.api.get("/v1/me/devices"), (found) => signIns(found.items, app, place)),
  ]);
}

function reminders(found, app) {
  const muted = structuredClone(found.muted ?? {});
  const time = (name, text) => field(text, h("input", { type: "time", name, value: found.quiet[name] }));
  const box = (name, text, hint) => {
    const part = tick(text, found[name], () => {}, hint);
    part.querySelector("input").name = name;
    return part;
  };
  return card(t("messages"), form(t("save"), async (values) => {
    const body = { quiet: { begins: values.begins, ends: values.ends }, zone: found.zone, detail: "detail" in values,
      sms: "sms" in values, email: "email" in values, muted };
    try {
      await app.api.put("/v1/me/reminder-preferences", body);
    } catch (error) {
      if (error.code !== "essential_muted") throw error;
      const warnings = found.kinds.filter((kind) => kind.warning && muted[kind.kind]?.length).map((kind) => kind.warning);
      if (!(await sure(error.message, warnings.join(" "), t("mute_anyway")))) return;
      await app.api.put("/v1/me/reminder-preferences", { ...body, understood: true });
    }
    say(t("saved"));
  }, h("fieldset", {}, h("legend", {}, t("quiet_hours")), time("begins", t("from")), time("ends", t("to"))),
  box("sms", t("by_sms")), box("email", t("by_email")), box("detail", t("detail"), t("detail_hint")),
  h("details", {}, h("summary", {}, t("which_messages")), found.kinds.map((kind) => tick(kind.label, !muted[kind.kind]?.length, (on) => {
    if (on) delete muted[kind.kind];
    else muted[kind.kind] = kind.channels.filter((each) => OUTSIDE.includes(each));
  })))));
}

const signIns = (items, app) => card(t("devices"), h("ul", { class: "list" }, items.map((each) => {
  const row = h("li", {}, h("strong", {}, each.name ?? "—", each.this && ` · ${t("this_one")}`),
    h("small", {}, t("seen_at", { when: momentHere(each.seen_at) })));
  if (!each.this) row.append(button(t("sign_out"), async () => { await app.api.remove(`/v1/me/devices/${each.id}`); row.remove(); }, { kind: "quiet" }));
  return row;
})));
