// Parts that every view has: loading, trouble, emptiness, fields, buttons that say that they are at it.

import { add, freshId, h, put } from "./dom.js";
import { Offline } from "./http.js";
import { t } from "./i18n.js";

/** What went wrong, in words: the server's own, or that there is no net. */
export function wordsFor(error) {
  if (error instanceof Offline) return t("no_net");
  if (error?.name === "Problem") return error.message;
  console.error(error);
  return t("fault");
}

export const loading = (text = t("loading")) =>
  h("div", { class: "state", role: "status" }, h("p", {}, text), h("progress", { "aria-label": text }));

/** `again`: what the button for another try does. */
export const trouble = (error, again = null) =>
  h("div", { class: "state bad", role: "alert" }, h("p", {}, wordsFor(error)), again && button(t("again"), again));

export const nothing = (text, ...more) => h("div", { class: "state" }, h("p", {}, text), more);

const asked = new WeakMap();

/**
 * Shows loading, then what `render` makes of what `load` gives, or what went wrong and a way to try again. What was
 * asked for last is shown, also when an earlier answer comes later.
 */
export async function show(container, load, render) {
  const turn = {};
  asked.set(container, turn);
  const last = (content) => asked.get(container) === turn && put(container, content);
  put(container, loading());
  container.setAttribute("aria-busy", "true");
  try {
    last(await render(await load()));
  } catch (error) {
    last(trouble(error, () => show(container, load, render)));
  } finally {
    if (asked.get(container) === turn) container.removeAttribute("aria-busy");
  }
}

/** A bar with its label: how far something is. `set` moves it. */
export function bar(label, value = 0, max = 1) {
  const shown = h("progress", { max, value, "aria-label": label });
  const words = h("span", {}, label);
  const element = h("div", { class: "bar" }, words, shown);
  return Object.assign(element, {
    set(now, text = null) {
      shown.value = now;
      if (text) words.textContent = text;
    },
  });
}

/** A button. While what `act` began is not done it can not be pressed again; what goes wrong is said beside it. */
export function button(text, act, { kind = "", name = null, disabled = false } = {}) {
  const element = h("button", { type: "button", class: kind, "aria-label": name, disabled }, text);
  element.addEventListener("click", () => busy(element, act));
  return element;
}

/** Runs `act` with the button out of use. */
export async function busy(element, act) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  element.parentElement?.querySelector(":scope > .said")?.remove();
  try {
    await act();
  } catch (error) {
    element.after(h("p", { class: "said bad", role: "alert" }, wordsFor(error)));
  } finally {
    element.removeAttribute("aria-busy");
  }
}

/** A labelled input. `hint` stands below it; `complain(text)` on what is given back says what is wrong, or nothing. */
export function field(label, input, hint = null) {
  const id = (input.id ||= freshId("field"));
  const hintId = hint ? `${id}-hint` : null;
  const fault = h("p", { class: "fault", id: `${id}-fault`, role: "alert", hidden: true });
  if (hintId) input.setAttribute("aria-describedby", hintId);
  const element = h("div", { class: "field" }, h("label", { for: id }, label), input,
    hint && h("p", { class: "hint", id: hintId }, hint), fault);
  return Object.assign(element, {
    input,
    complain(text) {
      fault.hidden = !text;
      fault.textContent = text ?? "";
      input.setAttribute("aria-invalid", text ? "true" : "false");
      input.setAttribute("aria-describedby", [hintId, text && fault.id].filter(Boolean).join(" "));
    },
  });
}

/** A form: Enter and the button do the same. `act` is given the form's values by name. */
export function form(text, act, ...fields) {
  const send = h("button", { class: "main" }, text);
  const element = h("form", { novalidate: true }, fields, send);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(send, () => act(Object.fromEntries(new FormData(element)), element));
  });
  return element;
}

/** A choice of one: `options` are pairs of a value and its text. */
export const choice = (name, options, value, attributes = {}) =>
  h("select", { name, value, ...attributes }, options.map(([each, text]) =>
    h("option", { value: each, selected: each === value }, text)));

/** A box to tick, with its text. */
export function tick(text, checked, onChange, hint = null) {
  const id = freshId("tick");
  const input = h("input", { type: "checkbox", id, checked, on: { change: () => onChange(input.checked, input) } });
  return h("div", { class: "tick" }, input, h("label", { for: id }, text, hint && h("small", {}, hint)));
}

/** Says something to whoever looks and to whoever listens, for a few seconds. */
export function say(text) {
  const place = document.getElementById("said") ?? add(document.body, [h("div", { id: "said", role: "status" })]).lastChild;
  const note = h("p", {}, text);
  put(place, note);
  setTimeout(() => note.remove(), 4000);
}

/** Asks before what cannot be undone: true for yes. */
export function sure(title, text, yes, { kind = "danger" } = {}) {
  return new Promise((resolve) => {
    const titleId = freshId("title");
    const close = (answer) => { box.close(); box.remove(); resolve(answer); };
    const box = h("dialog", { "aria-labelledby": titleId, on: { cancel: () => close(false) } },
      h("h2", { id: titleId }, title), h("p", {}, text),
      h("div", { class: "row" },
        h("button", { type: "button", class: kind, on: { click: () => close(true) } }, yes),
        h("button", { type: "button", on: { click: () => close(false) } }, t("no"))));
    document.body.append(box);
    box.showModal();
  });
}

/** A card with a heading. */
export const card = (title, ...children) =>
  h("section", { class: "card" }, title && h("h2", {}, title), children);

/** Pairs of a term and what it is. */
export const facts = (pairs) =>
  h("dl", {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))));
