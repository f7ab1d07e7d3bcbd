// Thirteen languages. A text is a line of a catalogue, `{name}` in it a value; a plural is an object of CLDR's forms.

export const LANGUAGES = [
  ["ru", "Русский"], ["uz-Latn", "Oʻzbekcha"], ["uz-Cyrl", "Ўзбекча"], ["tg", "Тоҷикӣ"], ["ky", "Кыргызча"],
  ["kk", "Қазақша"], ["hy", "Հայերեն"], ["az", "Azərbaycanca"], ["en", "English"], ["zh-Hans", "简体中文"],
  ["vi", "Tiếng Việt"], ["fa-AF", "دری"], ["tr", "Türkçe"],
];
const RIGHT_TO_LEFT = new Set(["fa-AF"]);
const ALIASES = { uz: "uz-Latn", zh: "zh-Hans", fa: "fa-AF", prs: "fa-AF" };
const CHOSEN = "manzil.language";
const MINUTE = 60_000;
// In which the server took this page's reader to read; its texts are on their way already.
const OFFERED = document.documentElement.lang;

let language = "en";
let texts = {};
let areas = [];

/** The tag that texts, dates and the API's answers are in. */
export const current = () => language;

/** The language that was chosen here before, else the first that the browser asks for and we have. */
export function preferred() {
  const known = LANGUAGES.map(([tag]) => tag);
  const chosen = localStorage.getItem(CHOSEN);
  if (known.includes(chosen)) return chosen;
  for (const asked of navigator.languages ?? []) {
    const parts = asked.split("-");
    for (; parts.length; parts.pop()) {
      const tag = parts.join("-").toLowerCase();
      const found = known.find((each) => each.toLowerCase() === (ALIASES[tag] ?? tag).toLowerCase());
      if (found) return found;
    }
  }
  return known.includes(OFFERED) ? OFFERED : "ru";
}

/** Loads a language's texts for `names` of areas, makes the page be in it, and remembers it if it was `chosen`. */
export async function speak(tag, names = areas, chosen = false) {
  const loaded = await Promise.all(names.map((area) => catalogue(area, tag)));
  texts = Object.assign({}, ...loaded);
  language = tag;
  areas = names;
  document.documentElement.lang = tag;
  document.documentElement.dir = RIGHT_TO_LEFT.has(tag) ? "rtl" : "ltr";
  if (chosen) localStorage.setItem(CHOSEN, tag);
}

/** One catalogue. The server puts into it what all pages share, and what is not in that language in one besides. */
async function catalogue(area, tag) {
  const answer = await fetch(new URL(`../locales/${area}/${tag}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`no texts for ${area}`);
  return answer.json();
}

/** The text of that key, with its values; `n` chooses among plural forms. */
export function t(key, values = {}) {
  let text = texts[key];
  if (text === undefined) {
    console.error(`no text ${key}`);
    return key;
  }
  if (typeof text === "object") text = text[form(values.n)] ?? text.other ?? text.many;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Whether there is such a text. */
export const has = (key) => key in texts;

function form(n) {
  // Of Tajik a browser knows no plurals: it would answer for a language of its own choice.
  if (Intl.PluralRules.supportedLocalesOf(language).length === 0) return n === 1 ? "one" : "other";
  return new Intl.PluralRules(language).select(n);
}

// Deadlines are official dates: Gregorian, in Latin digits, whatever the language's own calendar.
function formatter(options) {
  const known = Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
  // In a language without names of months a browser would take those of another one: numbers are better.
  const plain = { day: options.day && "2-digit", month: options.month && "2-digit", year: options.year };
  const shape = known ? options : { ...plain, hour: options.hour, minute: options.minute };
  // English here has the day before the month, as all that the server writes.
  const tag = known ? (language === "en" ? "en-GB" : language) : "ru";
  return new Intl.DateTimeFormat(`${tag}-u-ca-gregory-nu-latn`, { ...shape, hourCycle: "h23", timeZone: "UTC" });
}

// What happens at a place the API writes in that place's time. That is what a person needs there, wherever the phone
// thinks it is: so the clock is read as it is written, and not turned into another zone; where the phone's clock shows
// another time, it is said whose this is. What happened at no place (a message, an entry in a log) is told by the
// phone's own clock: `momentHere`.
function wall(text) {
  const [day, time = "00:00"] = text.slice(0, 16).split("T");
  return new Date(`${day}T${time}:00Z`);
}

/** «27 November»; with the year if it is not this one. Takes a date or an instant of the API. */
export function date(text) {
  const same = text.slice(0, 4) === String(new Date().getFullYear());
  const parts = formatter({ day: "numeric", month: "long", year: same ? undefined : "numeric" }).formatToParts(wall(text));
  // Browsers would write Dari's month before its day, where it has no weekday.
  if (language === "fa-AF") return ["day", "month", "year"].map((each) => parts.find(({ type }) => type === each)?.value).filter(Boolean).join(" ");
  return parts.map(({ value }) => value).join("");
}

/** «Friday, 27 November». */
export function day(text) {
  return formatter({ weekday: "long", day: "numeric", month: "long" }).format(wall(text));
}

/** «November 2026». */
export function month(text) {
  return formatter({ month: "long", year: "numeric" }).format(wall(text));
}

/** «09:30». */
export const time = (text) => text.slice(11, 16);

/** «09:30», and whose time that is where the phone's clock shows another. */
export const clock = (text) => `${time(text)}${abroad(text)}`;

/** «27 November, 09:30», of what happens at a place. */
export const moment = (text) => `${date(text)}, ${clock(text)}`;

/** «Friday, 27 November, 09:30», of what happens at a place. */
export const dayTime = (text) => `${day(text)}, ${clock(text)}`;

/** The same instant as the phone's own clock shows it: for what belongs to no place. */
function here(text) {
  const instant = new Date(text);
  return new Date(instant - instant.getTimezoneOffset() * MINUTE).toISOString().replace("Z", "");
}

/** «27 November, 12:30» by the phone's clock: of a message, of an entry in a log. Takes milliseconds too. */
export const momentHere = (text) => moment(here(text));

/** «27 November» by the phone's clock. */
export const dateHere = (text) => date(here(text));

/** « (UTC+3)» where the phone's clock then shows another time than the place's; else nothing. */
function abroad(text) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(text.replace(/Z$/, "+00:00")) ?? [];
  if (!sign) return "";
  const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  if (offset === -new Date(text).getTimezoneOffset()) return "";
  return ` (UTC${offset ? `${sign === "-" ? "−" : sign}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`}` : ""})`;
}

/** Whether the phone's clock then shows another time than the place's. */
export const isAbroad = (text) => abroad(text) !== "";

/** «Moscow Standard Time», in the page's language where the browser knows it; else «UTC+3». */
export function zoneName(zone, text) {
  if (Intl.DateTimeFormat.supportedLocalesOf(language).length === 0) return abroad(text).slice(2, -1);
  return new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "long" }).formatToParts(new Date(text))
    .find(({ type }) => type === "timeZoneName").value;
}

/** A whole number in Latin digits, grouped as the language does. */
export function number(value) {
  return new Intl.NumberFormat(`${language}-u-nu-latn`).format(value);
}
