// The migrant's page: who is signed in, where on the page they are, what waits for the net.

import { h, put } from "../shared/dom.js";
import { has, t } from "../shared/i18n.js";
import { PhoneSession } from "../shared/session.js";
import { begin, head, languages, main } from "../shared/shell.js";
import { loading, trouble, wordsFor } from "../shared/ui.js";

const TABS = [["path", "◎"], ["visits", "▤"], ["inbox", "✉"], ["papers", "▣"], ["more", "≡"]];
// Which view a part of the address opens, and which tab it belongs to. Each is loaded when it is first wanted.
const VIEWS = {
  path: "path", passport: "papers", entry: "papers", plan: "visits", visits: "visits", visit: "visits", inbox: "inbox",
  papers: "papers", more: "more", consents: "more", uses: "more", jobs: "more", settings: "more", leaving: "more",
  family: "more", complaints: "more",
};

const session = new PhoneSession();
const net = h("p", { class: "net", role: "status", hidden: true });
let work = null;
const app = {
  session,
  /** Brings what a view needs to speak with the API: `sources.js`. */
  ready: () => (work ??= import("./sources.js").then(({ sources }) =>
    Object.assign(app, sources(session, (outcomes) => (outcomes.size ? draw() : tellNet()))))),
  go(view, id = "") {
    const to = `#${[view, id].filter(Boolean).join("/")}`;
    if (location.hash === to) draw();
    else location.hash = to;
  },
};
let leave = null;
let place = null;
let redraw = () => {};
let turn = 0;

async function tellNet() {
  const waiting = (await app.actions?.list().catch(() => []) ?? []).filter((action) => !action.refused).length;
  net.hidden = navigator.onLine && !waiting;
  if (!net.hidden && has("waiting")) {
    net.textContent = [navigator.onLine ? null : t("no_net_kept"), waiting ? t("waiting", { n: waiting }) : null]
      .filter(Boolean).join(" ");
  }
}

async function draw() {
  const kept = await session.kept();
  const [name, id] = location.hash.slice(1).split("/");
  const hosts = kept?.role === "host";
  const view = !kept ? "signin" : hosts ? "host" : name in VIEWS ? name : "path";
  if (typeof leave === "function") leave();
  leave = null;
  turn += 1;
  const mine = turn;
  const content = main(loading());
  const title = view === "signin" ? t("title") : t(`view_${view}`);
  document.title = `${title} · Manzil`;
  put(place, head(title, VIEWS[view] ? null : languages(redraw)), net, content,
    VIEWS[view] ? tabs(VIEWS[view]) : null);
  scrollTo(0, 0);
  try {
    const [{ default: show }] = await Promise.all([import(`./views/${view}.js`), kept && app.ready()]);
    const stop = await show(content, app, id);
    // On a slow net another view may have been opened meanwhile: this one must not go on unseen, nor end that one.
    if (mine !== turn) {
      if (typeof stop === "function") stop();
      return;
    }
    leave = stop;
  } catch (error) {
    if (mine !== turn) return;
    put(content, trouble(error, error.name === "TypeError" ? () => location.reload() : draw));
  }
  // A view that begins with a field has put the focus there itself.
  if (!content.contains(document.activeElement)) content.focus({ preventScroll: true });
  tellNet();
}

const tabs = (current) => h("nav", { class: "tabs", "aria-label": t("sections") },
  TABS.map(([name, sign]) => h("a", { href: `#${name}`, "aria-current": name === current ? "page" : null },
    h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", {}, t(`tab_${name}`)))));

// A page that is signed in draws itself; after the sign-in is over only the form is left.
begin(["migrant"], (where, again) => {
  place = where;
  redraw = again;
  session.onEnd = () => { location.hash = ""; draw(); };
  return draw();
}).then(async () => {
  addEventListener("hashchange", draw);
  for (const event of ["online", "offline"]) addEventListener(event, tellNet);
  // Whoever is to sign in has it at hand when the code comes.
  await app.ready();
  if (await session.kept()) await app.actions.flush().catch((error) => console.warn(wordsFor(error)));
  keepShell();
});

app.redraw = () => redraw();

/** The service worker keeps this page for when there is no net. */
function keepShell() {
  if (!("serviceWorker" in navigator)) return;
  const trusted = globalThis.trustedTypes?.createPolicy("manzil", { createScriptURL: (url) => url });
  navigator.serviceWorker.register(trusted ? trusted.createScriptURL("/sw.js") : "/sw.js").catch(() => {});
}
