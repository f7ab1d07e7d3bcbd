// A point's hours, counters, exceptions and closures: each change is looked at before it is made.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { claimsOf } from "../shared/session.js";
import { beginForStaff } from "../shared/shell.js";
import { choice, field, nothing, show } from "../shared/ui.js";
import { closing } from "./closing.js";
import { plan } from "./plan.js";
import { stranded } from "./stranded.js";
import { windows } from "./windows.js";

beginForStaff("manage", ["point_manager", "region_operator"], async (main, api) => {
  const own = claimsOf(await api.session.token()).point ?? null;
  const [{ items: points }, { items: services }] = await Promise.all([api.get("/v1/points"), api.get("/v1/services")]);
  const named = Object.fromEntries(services.map((each) => [each.code, each.name]));
  const nameOf = (code) => named[code] ?? code;
  const place = h("div", { class: "stack" });
  if (!points.length) { put(main, nothing(t("nothing_here"))); return; }
  const first = own ?? points[0].id;
  const select = choice("point", points.map((each) => [each.id, each.name]), first,
    { on: { change: () => open(select.value) } });
  const heading = points.find((each) => each.id === own)?.name;
  put(main, own ? heading && h("h2", {}, heading) : field(t("point"), select), place);
  await open(first);

  async function open(id) {
    const point = { id, api, nameOf, services, again: () => open(id) };
    await show(place, async () => ({
      seen: await api.get(`/v1/points/${id}/plan`),
      moved: (await api.get(`/v1/points/${id}/to-be-moved`)).items,
      counters: (await api.get(`/v1/points/${id}/counters`)).items,
    }), (found) => h("div", { class: "stack" },
      found.moved.length > 0 && h("section", { class: "card warn" }, h("h2", {}, t("to_be_moved")),
        h("p", {}, t("to_be_moved_text")), stranded(found.moved, nameOf)),
      closing(point, found.seen), plan(point, found.seen), windows(point, found.counters, given(found.seen.plan))));
  }
});

/** The services that a point gives by its plan: its counters can give no others. */
const given = (plan) => [...new Set(plan.pools.flatMap((pool) => pool.services.map((each) => each.service)))];
