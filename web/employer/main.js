// An employer's page: vacancies, whom the region has for them, and what became of requests for contacts.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { beginForStaff } from "../shared/shell.js";
import { apply } from "./apply.js";
import { requests } from "./requests.js";
import { namesOf } from "./terms.js";
import { vacancies } from "./vacancies.js";
import { vacancy } from "./vacancy.js";
import { writing } from "./writing.js";

const VIEWS = { vacancies, vacancy, writing, requests };
const TABS = ["vacancies", "requests"];
// Where one is, also after the page was drawn anew in another language. Not in the address: nothing there is of people.
let shown = ["vacancies"];
let terms = null;

beginForStaff("employer", ["employer"], async (main, api) => {
  terms ??= await api.get("/v1/work-terms");
  const tabs = h("nav", { class: "row", "aria-label": t("title") });
  const place = h("div");
  const app = { api, terms, names: namesOf(terms), go };
  put(main, tabs, place);
  await go(...shown);

  async function go(view, ...more) {
    shown = [view, ...more];
    put(tabs, TABS.map((each) => h("button", { type: "button", class: each === view ? "main" : "",
      "aria-current": each === view ? "page" : null, on: { click: () => go(each) } }, t(`tab_${each}`))));
    // One that was left before it was there does not come back over the next.
    const own = h("div", { class: "stack" });
    put(place, own);
    await VIEWS[view](own, app, ...more);
    if (!own.isConnected) return;
    const heading = own.querySelector("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  }
}, { beside: apply });
