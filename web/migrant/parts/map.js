// A map without tiles: where places lie to each other, how far, and in which order. Nobody is asked for a picture.

import { h, s } from "../../shared/dom.js";
import { number, t } from "../../shared/i18n.js";

const WIDTH = 400;
const HEIGHT = 260;
const EDGE = 44;
const KM = 111.32;
const NICE = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];

/** `places`: `{lat, lon, name}` in the order in which they are visited, numbered from 1. `home`: where one sets out. */
export function map(places, home = null) {
  const all = home ? [home, ...places] : places;
  if (!all.length) return null;
  const lats = all.map((each) => each.lat);
  const lons = all.map((each) => each.lon);
  const narrow = Math.cos((((Math.min(...lats) + Math.max(...lats)) / 2) * Math.PI) / 180);
  const [middleLat, middleLon] = [(Math.min(...lats) + Math.max(...lats)) / 2, (Math.min(...lons) + Math.max(...lons)) / 2];
  const wide = Math.max((Math.max(...lons) - Math.min(...lons)) * narrow, 0.01);
  const high = Math.max(Math.max(...lats) - Math.min(...lats), 0.008);
  const scale = Math.min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high);
  const at = ({ lat, lon }) => [WIDTH / 2 + (lon - middleLon) * narrow * scale, HEIGHT / 2 - (lat - middleLat) * scale];
  const perKm = scale / KM;
  const bar = NICE.findLast((km) => km * perKm <= WIDTH / 3) ?? NICE[0];
  const way = all.map((each) => at(each).map((one) => one.toFixed(1)).join(",")).join(" ");
  // Visits at one place share their spot.
  const spots = new Map();
  places.forEach((each, order) => {
    const key = at(each).map((one) => Math.round(one / 12)).join(" ");
    const spot = spots.get(key) ?? { place: each, numbers: [] };
    spot.numbers.push(order + 1);
    spots.set(key, spot);
  });
  return h("figure", { dir: "ltr" },
    s("svg", { class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": t("map_of", { places: [...new Set(places.map((each) => each.name))].join("; ") }) },
      lines(perKm, bar),
      s("polyline", { class: "way", points: way }),
      home && spot(at(home), "⌂", "home"),
      [...spots.values()].map(({ place, numbers }) => spot(at(place), numbers.join(","), "spot")),
      s("path", { d: `M12 ${HEIGHT - 12} h${(bar * perKm).toFixed(1)}`, stroke: "currentColor", "stroke-width": 3 }),
      s("text", { x: 12, y: HEIGHT - 20 }, `${number(bar)} ${t("km")}`),
      s("text", { x: WIDTH - 10, y: 20, "text-anchor": "end" }, "↑"), s("text", { x: WIDTH - 10, y: 36, "text-anchor": "end" }, t("north"))));
}

function spot([x, y], label, kind) {
  const radius = 11 + 4 * Math.max(label.length - 1, 0);
  return s("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
    s("circle", { class: kind, r: Math.min(radius, 22) }), s("text", { y: 5, "text-anchor": "middle" }, label));
}

function lines(perKm, km) {
  const step = km * perKm;
  const found = [];
  for (let x = WIDTH / 2 % step; x < WIDTH; x += step) found.push(s("path", { class: "grid", d: `M${x.toFixed(1)} 0 V${HEIGHT}` }));
  for (let y = HEIGHT / 2 % step; y < HEIGHT; y += step) found.push(s("path", { class: "grid", d: `M0 ${y.toFixed(1)} H${WIDTH}` }));
  return found;
}
