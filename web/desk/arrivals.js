// Who has come: a pass from a scanner or the camera, a Migrant ID that is typed, or nobody's booking at all.

import { h, put } from "../shared/dom.js";
import { LANGUAGES, t, time } from "../shared/i18n.js";
import { button, busy, card, choice, facts, field, form, say, tick } from "../shared/ui.js";
import { camera } from "./camera.js";

// A pass is three parts of Base64 with points between; a Migrant ID has none.
const isPass = (text) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

export function arrivals(desk) {
  const input = h("input", { name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    dir: "ltr", maxlength: 2000 });
  const answer = h("div", { role: "status" });
  const scanned = field(t("scan"), input, t("scan_hint"));
  let priority = false;
  const first = tick(t("priority"), false, (on) => { priority = on; }, t("priority_hint"));
  const send = h("button", { class: "main" }, t("check_in"));
  const entry = h("form", { novalidate: true }, scanned, first, h("div", { class: "row" }, send,
    "BarcodeDetector" in globalThis && button(t("camera"), () => camera(arrived))));
  let turn = Promise.resolve();
  entry.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = input.value;
    // Whatever comes of it, and however long it takes, the next scan begins with an empty field: a scanner only adds.
    input.value = "";
    turn = turn.then(() => busy(send, () => arrived(code)));
  });

  async function arrived(text) {
    const code = text.trim();
    scanned.complain(code ? null : t("scan_empty"));
    if (!code) return;
    put(answer);
    const body = isPass(code) ? { qr_pass: code, priority } : { migrant_id: code, priority };
    const visit = await desk.api.post("/v1/visits/check-ins", body);
    Object.assign(first.querySelector("input"), { checked: false });
    priority = false;
    put(answer, h("div", { class: "card good-card" },
      h("p", { class: "number" }, String(visit.ticket.number)),
      facts([
        [t("name"), visit.name && h("bdi", {}, visit.name)],
        [t("cyrillic_name"), visit.cyrillic_name && h("bdi", {}, visit.cyrillic_name)],
        [t("service"), desk.nameOf(visit.service)], [t("booked_for"), time(visit.starts_at)],
      ]),
      isPass(code) ? null : h("p", { class: "warned" }, t("compare_passport"))));
    input.focus();
  }

  const element = h("div", { class: "stack" }, card(t("arrivals"), entry, answer), walkIn(desk));
  return { element, draw() {}, scan: () => { input.focus(); input.select(); } };
}

function walkIn(desk) {
  const place = h("div", { class: "stack" });
  const details = h("details", { class: "card" }, h("summary", {}, t("walk_in")), place);
  details.addEventListener("toggle", () => { if (details.open) begin(); });

  function begin() {
    const given = [...new Set((desk.state?.counters ?? []).flatMap((each) => each.services))];
    let priority = false;
    const result = h("div", { role: "status" });
    const code = h("p", { class: "dim" });
    put(place,
      form(t("give_ticket"), async (values, element) => {
        const ticket = await desk.api.post("/v1/queue/tickets", {
          service: values.service, language: values.language || null, priority,
          migrant_id: values.migrant_id.trim() || null,
        });
        put(result, h("p", { class: "number" }, String(ticket.number)), h("p", {}, t("ticket_given")));
        element.reset();
        priority = false;
        say(t("ticket_number", { number: ticket.number }));
      },
      field(t("service"), choice("service", given.map((each) => [each, desk.nameOf(each)]), given[0])),
      field(t("speaks"), choice("language", [["", t("any_language")], ...LANGUAGES], "")),
      field(t("migrant_id"), h("input", { name: "migrant_id", autocomplete: "off", dir: "ltr", maxlength: 40 }),
        t("walk_in_id_hint")),
      tick(t("priority"), false, (on) => { priority = on; }, t("priority_hint"))),
      result, code);
    desk.api.get("/v1/queue/hall-code").then(
      (found) => put(code, t("hall_code"), " ", h("code", { dir: "ltr" }, found.code), " · ", time(found.until)),
      () => {});
  }
  return details;
}
