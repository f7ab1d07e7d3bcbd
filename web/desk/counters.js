// Where the clerk stands, and which counters are open.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { button, card } from "../shared/ui.js";
import { keepingFocus } from "./keys.js";

export function counters(desk) {
  const element = h("div", { tabindex: "-1" });
  let shown = "";
  const act = (counter, what) => () => desk.api.post(`/v1/queue/counters/${counter.id}/${what}`);
  const keyed = (key, made) => { made.dataset.key = key; return made; };

  function draw(state) {
    const now = JSON.stringify(state.counters);
    if (now === shown) return;
    shown = now;
    const own = desk.own;
    keepingFocus(element, () => put(element, own ? standing(own, state) : choosing(state)));
  }

  const title = (counter) => counter.name ?? t("counter", { code: counter.code });

  function standing(own, state) {
    const others = state.counters.filter((each) => each.opened_at && !each.own);
    return h("div", { class: "row standing" },
      h("strong", {}, title(own)),
      keyed("close", button(t("close_counter"), act(own, "close"))),
      h("span", { class: "dim" }, others.length
        ? t("others_open", { counters: others.map((each) => each.code).join(", ") }) : t("nobody_else")));
  }

  function choosing(state) {
    if (!state.counters.length) return card(t("no_counters"));
    return card(t("choose_counter"), h("ul", { class: "list" }, state.counters.map((each) =>
      h("li", { class: "spread" },
        h("span", {}, h("strong", {}, title(each)), h("small", {}, each.services.map(desk.nameOf).join(", "))),
        each.opened_at
          ? h("span", { class: "row" }, h("span", { class: "tag" }, t("taken")),
              keyed(`free-${each.id}`, button(t("close_counter"), act(each, "close"),
                { name: `${t("close_counter")}: ${title(each)}` })))
          : keyed(`open-${each.id}`, button(t("stand_here"), act(each, "open"),
              { kind: "main", name: `${t("stand_here")}: ${title(each)}` }))))));
  }

  return { element, draw };
}
