// Papers: who one is, and copies of documents, with how far each upload is.

import { keyed, save } from "../../shared/api.js";
import { h, put } from "../../shared/dom.js";
import { date, t } from "../../shared/i18n.js";
import { upload } from "../../shared/tus.js";
import { bar, button, card, choice, facts, field, form, nothing, say, show, sure } from "../../shared/ui.js";

const KINDS = ["passport", "migration_card", "registration", "medical_certificate", "exam_certificate", "insurance",
  "translation", "patent", "receipt", "photo", "other"];

export default async function papers(place, app) {
  const me = h("div");
  const list = h("div", { class: "stack" });
  put(place, me, adding(app, () => draw()), list);
  show(me, async () => (await app.newest("/v1/me")).data, (found) => identity(found));
  await draw();

  function draw() {
    return show(list, async () => (await app.newest("/v1/me/stored-documents")).data, (found) => (found?.items.length
      ? found.items.map((each) => one(each, app, draw)) : nothing(t("no_papers"))));
  }
}

/** A day of a passport's lines, which has two digits of its year: of the years that end so, the one nearest to now. */
function ofLines({ day, month, year2 }) {
  const now = new Date().getFullYear();
  const year = year2 === null || year2 === undefined ? null : year2 + 100 * Math.round((now - year2) / 100);
  return [day, month, year].map((each) => (each === null || each === undefined ? "··" : String(each).padStart(2, "0"))).join(".");
}

function identity(me) {
  const passport = me?.passport;
  return card(t("who_i_am"), facts([
    [t("migrant_id"), me?.migrant_id && h("bdi", { dir: "ltr" }, me.migrant_id)],
    [t("mrz_name"), passport && [passport.surname, passport.given_names].filter(Boolean).join(" ")],
    [t("mrz_number"), passport && h("bdi", { dir: "ltr" }, passport.number)], [t("mrz_nationality"), passport?.nationality],
    [t("mrz_expiry_date"), passport && ofLines(passport.expires)],
    [t("entered_on"), me?.entry && `${date(me.entry.entered_on)} · ${t(`purpose_${me.entry.purpose}`)}`],
    [t("days_no_visa"), me?.days_left_without_visa],
  ]), me?.flags.includes("expired") && h("div", {}, h("p", { class: "bad" }, t("passport_expired")), h("p", {}, t("passport_expired_text"))),
  h("div", { class: "row" }, h("a", { class: "button", href: "#passport" }, t("view_passport")), h("a", { class: "button", href: "#entry" }, t("view_entry"))));
}

function adding(app, then) {
  const key = keyed();
  // Sent again after a page failed, it is the same paper, and goes on with that page.
  let begun = { key: null, pages: 0 };
  const progress = h("div", { class: "stack", "aria-live": "polite" });
  const kind = field(t("paper_kind"), choice("kind", KINDS.map((each) => [each, t(`paper_${each}`)]), "passport"));
  const files = field(t("paper_files"), h("input", { type: "file", multiple: true, accept: "image/*,application/pdf", required: true }), t("paper_files_hint"));
  const expires = field(t("expires_on"), h("input", { type: "date", name: "expires_on" }), t("if_any"));
  return card(t("add_paper"), form(t("upload"), async (values) => {
    const chosen = [...files.input.files];
    files.complain(chosen.length ? null : t("choose_file"));
    if (!chosen.length) return;
    const body = { kind: values.kind, pages: chosen.length, expires_on: values.expires_on || null };
    const mine = key([body, chosen.map((file) => [file.name, file.size, file.lastModified])]);
    if (begun.key !== mine) begun = { key: mine, pages: 0 };
    const made = await app.api.post("/v1/me/stored-documents", body, { key: mine });
    for (const [at, file] of chosen.entries()) {
      if (at < begun.pages) continue;
      const shown = bar(t("page_of", { page: at + 1, pages: chosen.length }), 0, file.size);
      put(progress, shown);
      await upload(app.api, { document: made.id, version: made.versions.at(-1)?.version ?? 1, page: at + 1 }, file, (sent) => shown.set(sent));
      begun.pages = at + 1;
    }
    begun = { key: null, pages: 0 };
    put(progress);
    files.input.value = "";
    say(t("uploaded"));
    await then();
  }, kind, files, expires), progress);
}

function one(paper, app, then) {
  const version = paper.versions.at(-1);
  const pictures = h("div", { class: "stack" });
  const waits = version?.files.some((file) => ["uploading", "checking"].includes(file.state));
  if (waits) setTimeout(() => { if (pictures.isConnected) then(); }, 2500);
  return h("section", { class: "card" },
    h("div", { class: "spread" }, h("h2", {}, t(`paper_${paper.kind}`)), version && h("span", { class: `tag ${version.state === "refused" ? "bad" : ""}` }, t(`file_${version.state}`))),
    version?.expires_on && h("p", {}, t("valid_until", { day: date(version.expires_on) })),
    version?.files.map((file) => (file.state === "uploading" ? bar(t("page_of", { page: file.page, pages: version.pages }), file.offset, file.length)
      : file.refusal && h("p", { class: "bad" }, t("page_of", { page: file.page, pages: version.pages }), ": ", file.refusal.text))),
    paper.shares.length > 0 && h("p", { class: "dim" }, t("shown_to", { n: paper.shares.length })),
    pictures,
    h("div", { class: "row" },
      paper.version && button(t("look"), () => show(pictures, () => Promise.all(pagesOf(paper).map((file) => view(app, paper, file))), (found) => found)),
      paper.version && button(t("show_at_visit"), () => sharing(pictures, paper, app, then)),
      button(t("remove"), async () => {
        if (!(await sure(t("remove"), t(`paper_${paper.kind}`), t("remove")))) return;
        await app.api.remove(`/v1/me/stored-documents/${paper.id}`);
        await then();
      }, { kind: "danger" })));
}

const pagesOf = (paper) => paper.versions.find((each) => each.version === paper.version)?.files ?? [];

async function view(app, paper, file) {
  const path = `/v1/me/stored-documents/${paper.id}/files/${file.page}`;
  if (!file.preview) return button(t("page_of", { page: file.page, pages: pagesOf(paper).length }), async () => save(await app.api.file(path), `${paper.kind}-${file.page}`));
  const url = URL.createObjectURL(await app.api.file(`${path}/preview`));
  return h("img", { src: url, alt: `${t(`paper_${paper.kind}`)}, ${file.page}`, class: "preview", on: { load: () => URL.revokeObjectURL(url) } });
}

function sharing(place, paper, app, then) {
  return show(place, async () => (await app.newest("/v1/me/bookings")).data, ({ items }) => {
    const live = items.filter((each) => each.status === "confirmed" || each.status === "arrived");
    const shared = new Set(paper.shares.map((each) => each.booking_id));
    if (!live.length) return nothing(t("no_visits"));
    return [h("p", {}, t("share_text")), live.map((each) => button(
      `${shared.has(each.id) ? "✓ " : ""}${each.point.name}, ${date(each.starts_at)}`, async () => {
        if (shared.has(each.id)) await app.api.remove(`/v1/me/stored-documents/${paper.id}/shares/${each.id}`);
        else await app.api.post(`/v1/me/stored-documents/${paper.id}/shares`, { booking_id: each.id });
        await then();
      }))];
  });
}
