// How a page begins: its look, its language, its head. A page of staff asks who one is first.

import { h, put } from "./dom.js";
import { LANGUAGES, current, preferred, speak, t } from "./i18n.js";
import { apply } from "./look.js";
import { StaffSession } from "./session.js";
import { trouble } from "./ui.js";

/** The choice of language. `onChange` is told when the texts of the new one are there. */
export function languages(onChange) {
  const select = h("select", { "aria-label": t("language"), class: "language", value: current() },
    LANGUAGES.map(([tag, name]) => h("option", { value: tag, lang: tag, selected: tag === current() }, name)));
  select.addEventListener("change", async () => {
    await speak(select.value, undefined, true);
    onChange();
  });
  return select;
}

/** The head of a page, with a way past it for whoever comes by keyboard. */
export const head = (title, ...more) => [
  h("a", { class: "skip", href: "#main", on: { click: toMain } }, t("to_content")),
  h("header", { class: "top" }, h("h1", {}, title), more),
];

function toMain(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** The one `main` of a page. */
export const main = (...children) => h("main", { id: "main", tabindex: "-1" }, children);

/** Begins a page: `draw(place)` is called now, and anew whenever the language is another. */
export async function begin(areas, draw) {
  apply();
  const place = document.getElementById("page");
  try {
    await speak(preferred(), areas);
    const again = () => {
      document.title = `${t("title")} · Manzil`;
      return draw(place, again);
    };
    await again();
  } catch (error) {
    put(place, trouble(error, () => location.reload()));
    throw error;
  }
}

/**
 * Begins a page of staff. `draw(main, api, again)` fills the page's `main` once somebody of `roles` is signed in; the
 * function that it may give back is called before it is drawn anew or left. `beside()`: what stands below the sign-in.
 * Texts: the area's `title`, and `shared`.
 */
export async function beginForStaff(area, roles, draw, { beside = () => null } = {}) {
  const { client } = await import("./api.js");
  const session = new StaffSession(area);
  const api = client(session);
  let leave = null;
  await begin([area], async (place, again) => {
    if (typeof leave === "function") leave();
    leave = null;
    session.onEnd = again;
    const token = await session.token().catch(() => null);
    const content = main();
    if (!token) {
      const { signIn } = await import("./staff.js");
      put(place, head(t("title"), languages(again)), content);
      put(content, signIn(session, roles, again), beside());
      return;
    }
    const out = h("button", { type: "button", on: { click: () => session.signOut() } }, t("sign_out"));
    put(place, head(t("title"), languages(again), out), content);
    leave = await draw(content, api, again);
  });
}
