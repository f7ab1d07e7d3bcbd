// Whose turn it is at this counter: call, begin, finish, and the ways around.

import { h, put } from "../shared/dom.js";
import { t, time } from "../shared/i18n.js";
import { button, busy, card, choice, facts, field, say, wordsFor } from "../shared/ui.js";

const NOW = new Set(["called", "serving"]);

export function turn(desk) {
  const element = h("div", { class: "turn", tabindex: "-1" });
  let ticket = null;
  let drawn = "";
  let told = null;
  let main = null;

  function draw(state) {
    const own = desk.own;
    const mine = own && state.tickets.find((each) => each.counter_id === own.id && NOW.has(each.status));
    const waiting = state.tickets.filter((each) => each.status === "waiting").length;
    const now = JSON.stringify([own?.id, mine?.id, mine?.version, mine ? 0 : waiting]);
    if (now === drawn) return;
    drawn = now;
    if (!own) { ticket = null; put(element); return; }
    if (!mine) { ticket = null; idle(own, waiting); return; }
    if (told?.id === mine.id && told.version === mine.version) { shown(told); return; }
    desk.api.get(`/v1/queue/tickets/${mine.id}`).then((found) => {
      if (drawn === now) shown(found);
    }, (error) => say(wordsFor(error)));
  }

  function idle(own, waiting) {
    main = button(`${t("call_next")} · F4`, call, { kind: "main big" });
    const had = element.contains(document.activeElement);
    put(element, card(t("your_turn"), h("p", {}, t("waiting_count", { n: waiting })), main));
    if (had) main.focus();
  }

  async function call() {
    const own = desk.own;
    if (!own || ticket) return;
    const { ticket: called } = await desk.api.post(`/v1/queue/counters/${own.id}/call`);
    if (called) shown(called);
    else say(t("nobody_to_call"));
  }

  /** The answer to a word is newer than the stream: it is drawn at once. */
  const word = (what, body) => async () => {
    try {
      const answer = await desk.say(ticket, what, typeof body === "function" ? body() : body);
      if (NOW.has(answer.status)) shown(answer);
      else told = answer;
    } catch (error) {
      // Another desk was faster: what it did comes by the stream, and here it is said.
      if (error.code === "ticket_changed") drawn = "";
      throw error;
    }
  };

  function shown(found) {
    const had = element.contains(document.activeElement) || document.activeElement === document.body;
    ticket = told = found;
    drawn = JSON.stringify([desk.own?.id, found.id, found.version, 0]);
    const serving = found.status === "serving";
    const ending = serving ? finishing(found) : null;
    main = serving ? ending.button : button(`${t("begin")} · F8`, word("serve"), { kind: "main big" });
    const around = serving ? [["back_in_line", "back"]] : [
      ["call_again", "recall"], ["not_here", "skip"], ["back_in_line", "back"],
      ...(found.calls >= 3 ? [["did_not_come", "no-show"]] : []), ["left", "leave"],
    ];
    put(element, card(serving ? t("serving") : t("called"),
      h("p", { class: "number", "aria-live": "assertive" }, String(found.number)),
      facts([
        [t("name"), found.name && h("bdi", {}, found.name)],
        [t("cyrillic_name"), found.cyrillic_name && h("bdi", {}, found.cyrillic_name)],
        [t("migrant_id"), found.migrant_id && h("code", { dir: "ltr" }, found.migrant_id)],
        [t("service"), desk.nameOf(found.service)],
        [t("booked_for"), found.booked_for && time(found.booked_for)],
        [t("speaks"), found.language],
        [t("priority"), found.priority ? t("yes") : null],
        [t("calls"), found.calls > 1 ? String(found.calls) : null],
      ]),
      ending?.fields, main,
      h("div", { class: "row" }, around.map(([text, what]) => button(t(text), word(what))),
        button(`${t("undo")} · F9`, undo)),
      passing(found)));
    if (had) main.focus();
  }

  function finishing(found) {
    const allowed = found.allowed;
    const last = field(t("last_day"), h("input", { type: "date", name: "expires_on" }), t("last_day_hint"));
    const marks = allowed.map((each) => h("label", { class: "pick" },
      h("input", { type: "radio", name: "outcome", value: each.outcome, on: { change: fit } }),
      t(`outcome_${each.outcome}`)));
    const fault = h("p", { class: "fault", role: "alert", hidden: true }, t("choose_outcome"));
    const chosen = () => marks.map((mark) => mark.querySelector("input")).find((each) => each.checked)?.value;
    function fit() {
      fault.hidden = true;
      const rule = allowed.find((each) => each.outcome === chosen())?.expires_on ?? "never";
      last.hidden = rule === "never";
      last.input.required = rule === "required";
    }
    fit();
    const body = () => (allowed.length
      ? { outcome: chosen(), expires_on: last.hidden || !last.input.value ? null : last.input.value } : {});
    const finish = async () => {
      // Nothing is chosen beforehand: what is said here moves somebody's pathway.
      if (allowed.length && !chosen()) {
        fault.hidden = false;
        marks[0].querySelector("input").focus();
        return;
      }
      if (last.input.required && !last.input.value) {
        last.complain(t("last_day_needed"));
        last.input.focus();
        return;
      }
      await word("finish", body)();
    };
    return {
      fields: allowed.length > 0 && h("fieldset", {}, h("legend", {}, t("how_it_went")), marks, fault, last),
      button: button(`${t("finish")} · F8`, finish, { kind: "main big" }),
    };
  }

  function passing(found) {
    const services = [...new Set(desk.state.counters.flatMap((each) => each.services))];
    const select = choice("service", services.map((code) => [code, desk.nameOf(code)]), found.service);
    return h("details", {}, h("summary", {}, t("pass_on")),
      h("div", { class: "stack" }, field(t("service"), select),
        button(t("pass_on"), word("transfer", () => ({ service: select.value })))));
  }

  /** Takes back the last word that can be. */
  async function undo() {
    const now = Date.now();
    const own = desk.own;
    const found = desk.state?.tickets
      .filter((each) => each.undo_until && Date.parse(each.undo_until) > now && own && each.counter_id === own.id)
      .sort((one, other) => Date.parse(other.undo_until) - Date.parse(one.undo_until))[0];
    if (!found) { say(t("nothing_to_undo")); return; }
    try {
      await desk.say(found, "undo");
      say(t("undone", { number: found.number }));
    } catch (error) { say(wordsFor(error)); }
  }

  return {
    element,
    draw,
    call: () => (ticket || !main ? undefined : busy(main, call)),
    go: () => ticket && main?.click(),
    undo,
  };
}
