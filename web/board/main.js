// The hall's board: which number goes to which counter, large, in one language after another, with a sound.

import { client } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { LANGUAGES, preferred, speak, t } from "../shared/i18n.js";
import { begin, head, languages, main } from "../shared/shell.js";
import { button, card, choice, field, form, nothing, trouble } from "../shared/ui.js";
import { chime } from "./sound.js";

const EACH_LANGUAGE = 12_000;
const FRESH = 15_000;
const api = client();
let leave = () => {};

begin(["board"], async (place, again) => {
  leave();
  const points = (await api.get("/v1/points")).items;
  const chosen = points.find((each) => each.code === decodeURIComponent(location.hash.slice(1)));
  if (chosen) leave = hang(place, chosen, again);
  else choosing(place, points, again);
});

function choosing(place, points, again) {
  const options = points.map((each) => [each.code, each.name]);
  put(place, head(t("title"), languages(again)), main(h("div", { class: "narrow" }, points.length
    ? card(t("choose_point"), form(t("begin"), async (values) => {
        // The address of a board that hangs somewhere: it begins by itself when its machine does.
        history.replaceState(null, "", `#${encodeURIComponent(values.point)}`);
        await again();
      }, field(t("point"), choice("point", options, points[0].code))))
    : nothing(t("nothing_here")))));
}

function hang(place, point, again) {
  let state = null;
  let sound = null;
  let turning = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const fresh = new Map();
  const spoken = tongues(point);
  let at = Math.max(0, spoken.indexOf(document.documentElement.lang));

  const calls = h("div", { class: "calls", role: "status", "aria-atomic": "false" });
  const waiting = h("div", { class: "waiting" });
  const lost = h("p", { class: "card warn", role: "alert", hidden: true });
  const top = h("div", {});
  const content = main(lost, calls, waiting);
  content.classList.add("board");
  put(place, top, content);

  function draw() {
    put(top, head(point.name, controls()));
    lost.textContent = t("stream_lost");
    if (!state) return;
    const now = Date.now();
    put(calls, state.calls.length ? h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("ticket")), h("td", {}), h("th", { scope: "col" }, t("counter")))),
      h("tbody", {}, state.calls.map((each) => h("tr", {
        class: `${each.status} ${(fresh.get(`${each.number}-${each.counter}`) ?? 0) > now ? "fresh" : ""}` },
        h("th", { scope: "row" }, String(each.number)), h("td", { "aria-hidden": "true", class: "arrow" }, "→"),
        h("td", {}, each.counter ?? "—"))))) : h("p", { class: "state" }, t("nobody_called")));
    put(waiting, h("h2", {}, t("waiting")), state.waiting.length
      ? h("ul", {}, state.waiting.map((number) => h("li", {}, String(number)))) : h("p", { class: "dim" }, t("nobody_waits")));
  }

  function controls() {
    return h("div", { class: "row controls" },
      button(sound ? t("sound_off") : t("sound_on"), () => { sound = sound ? sound.end() : chime(); draw(); }),
      button(turning ? t("pause") : t("resume"), () => { turning = !turning; draw(); }),
      document.fullscreenEnabled && button(t("full_screen"), () => (document.fullscreenElement
        ? document.exitFullscreen() : document.documentElement.requestFullscreen())),
      button(t("other_point"), async () => { history.replaceState(null, "", "#"); leave(); leave = () => {}; await again(); },
        { kind: "quiet" }),
      languages(draw));
  }

  function told(next) {
    lost.hidden = true;
    const before = new Set((state ?? next).calls.filter((each) => each.status === "called").map(keyOf));
    const news = next.calls.filter((each) => each.status === "called" && !before.has(keyOf(each)));
    for (const each of news) fresh.set(keyOf(each), Date.now() + FRESH);
    state = next;
    draw();
    if (news.length) {
      sound?.ring();
      setTimeout(draw, FRESH + 100);
    }
  }

  const stop = api.follow(`/v1/points/${point.id}/board/events`, told, (problem) => {
    lost.hidden = problem !== null;
    if (problem) put(content, trouble(problem, () => location.reload()));
  });
  const turn = setInterval(async () => {
    if (!turning || spoken.length < 2) return;
    at = (at + 1) % spoken.length;
    await speak(spoken[at]);
    draw();
  }, EACH_LANGUAGE);
  const awake = stayAwake();
  draw();
  return () => { stop(); clearInterval(turn); awake(); sound?.end(); speak(preferred()); };
}

const keyOf = (call) => `${call.number}-${call.counter}`;

/** The languages that the board goes through: those spoken at the point, and the two that everybody is served in. */
function tongues(point) {
  const wanted = new Set(["ru", ...point.languages, "en", preferred()]);
  return LANGUAGES.map(([tag]) => tag).filter((tag) => wanted.has(tag));
}

/** Keeps the screen on while the board is seen. */
function stayAwake() {
  let lock = null;
  const ask = async () => {
    if (!document.hidden) lock = await navigator.wakeLock?.request("screen").catch(() => null);
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => { document.removeEventListener("visibilitychange", ask); lock?.release(); };
}
