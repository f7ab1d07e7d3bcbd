// Where one sets out from: chosen here, kept on this phone only, sent with a plan and not kept by the server.

import { h } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import * as store from "../../shared/store.js";
import { button, choice, field, say } from "../../shared/ui.js";

const KEY = "home";

export const home = async () => (await store.get("kept", KEY)) ?? null;
export const keepHome = (where) => store.set("kept", KEY, where);

/** Towns that have points, each in the middle of its own. */
function towns(points) {
  const found = new Map();
  for (const { municipality, lat, lon } of points) {
    const town = found.get(municipality) ?? { name: municipality, lats: [], lons: [] };
    town.lats.push(lat);
    town.lons.push(lon);
    found.set(municipality, town);
  }
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [...found.values()].map(({ name, lats, lons }) => ({ name, lat: mean(lats), lon: mean(lons), points: lats.length }))
    .sort((one, other) => other.points - one.points);
}

/** A field to choose it with. `where()` is what is chosen. */
export async function homeField(app) {
  const kept = await home();
  const { data } = await app.newest("/v1/points");
  const found = towns(data.items);
  // A town bears another name in another language, and lies where it did.
  const known = kept?.own ? null : found.find((town) => town.lat === kept?.lat && town.lon === kept?.lon);
  let chosen = known ?? kept ?? found[0];
  const options = [...(kept?.own ? [["own", t("here")]] : []), ...found.map((town) => [town.name, town.name])];
  const select = choice("home", options, kept?.own ? "own" : chosen.name);
  const element = field(t("set_out"), select, t("set_out_hint"));
  select.addEventListener("change", () => {
    chosen = found.find((town) => town.name === select.value) ?? kept;
    keepHome(chosen);
  });
  const here = "geolocation" in navigator && button(t("use_here"), async () => {
    const { coords } = await new Promise((resolve, reject) => {
      navigator.geolocation.getCurrentPosition(resolve, reject, { timeout: 10_000, maximumAge: 300_000 });
    }).catch(() => { say(t("no_place")); return {}; });
    if (!coords) return;
    chosen = { own: true, name: t("here"), lat: coords.latitude, lon: coords.longitude };
    await keepHome(chosen);
    if (![...select.options].some((option) => option.value === "own")) select.append(h("option", { value: "own" }, t("here")));
    select.value = "own";
  });
  return { element: h("div", { class: "stack" }, element, here), where: () => chosen };
}
