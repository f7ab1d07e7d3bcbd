// Today's list: who is booked, who has come, how it went.

import { h, put } from "../shared/dom.js";
import { t, time } from "../shared/i18n.js";
import { button, loading, nothing, trouble } from "../shared/ui.js";
import { keepingFocus } from "./keys.js";

const EVERY = 60_000;
const SETTLED = 1500;

export function visits(desk) {
  const element = h("section", { class: "card", tabindex: "-1" });
  const list = h("div", {});
  put(element, h("h2", {}, t("today")), list);
  put(list, loading());
  let version = null;
  let timer = null;
  let items = [];
  const beat = setInterval(load, EVERY);

  async function load() {
    clearTimeout(timer);
    try {
      items = await desk.api.everything("/v1/visits", { limit: 100 });
      show();
    } catch (error) {
      put(list, trouble(error, load));
    }
  }

  function show() {
    keepingFocus(list, () => put(list, items.length
      ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("today") }, h("table", {},
          h("thead", {}, h("tr", {}, ["time", "name", "service", "status"].map((each) => h("th", { scope: "col" }, t(each))))),
          h("tbody", {}, items.map(row))))
      : nothing(t("no_visits"))));
  }

  const say = (visit, what) => async () => {
    await desk.api.post(`/v1/visits/${visit.booking_id}/${what}`, undefined,
      { headers: { "If-Match": `"${visit.version}"` } });
    await load();
  };

  function row(visit) {
    const past = Date.parse(visit.starts_at) < Date.now();
    const undoable = visit.undo_until && Date.parse(visit.undo_until) > Date.now();
    const act = (text, what) => {
      const made = button(t(text), say(visit, what), { name: `${t(text)}: ${visit.name ?? visit.migrant_id ?? ""}` });
      made.dataset.key = `${what}-${visit.booking_id}`;
      return made;
    };
    return h("tr", {},
      h("td", {}, time(visit.starts_at)),
      h("th", { scope: "row" }, h("bdi", {}, visit.name ?? "—"),
        visit.cyrillic_name && h("small", {}, h("bdi", {}, visit.cyrillic_name))),
      h("td", {}, desk.nameOf(visit.service)),
      // Below each other: a column of its own for the button would be wider than a desk's screen leaves.
      h("td", {}, h("p", {}, t(visit.outcome ? `outcome_${visit.outcome}` : `visit_${visit.status}`)),
        visit.status === "confirmed" && past ? act("did_not_come", "no-show") : undoable && act("undo", "undo")));
  }

  /** A visit moves when its ticket does: the list is asked for once the line has settled. */
  function draw(state) {
    if (state.version === version) return;
    const first = version === null;
    version = state.version;
    clearTimeout(timer);
    timer = setTimeout(load, first ? 0 : SETTLED);
  }

  return { element, draw, leave: () => { clearTimeout(timer); clearInterval(beat); } };
}
