// Hours as one writes them: «09:00–13:00, 14:00–18:00». Midnight at the end is 24:00 here, and 00:00 in a plan.

const DAY = 24 * 60;
const [MIDNIGHT, LAST] = ["00:00", "24:00"];

export const written = (spans) => spans.map(([from, to]) => `${from}–${to === MIDNIGHT ? LAST : to}`).join(", ");

/** What was written, as pairs of times; null if it cannot be read. Nothing is a day on which the point is closed. */
export function spansOf(text) {
  const plain = text.trim();
  if (!plain) return [];
  const found = [];
  for (const part of plain.split(/[,;]/)) {
    const match = /^(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})$/.exec(part.trim());
    if (!match) return null;
    const from = clockOf(match[1], match[2]);
    const to = `${match[3]}:${match[4]}` === LAST ? MIDNIGHT : clockOf(match[3], match[4]);
    if (!from || !to) return null;
    if (minutesOf(from) >= end(to) || (found.length && minutesOf(from) < end(found.at(-1)[1]))) return null;
    found.push([from, to]);
  }
  return found;
}

const clockOf = (hour, minute) =>
  (Number(hour) < 24 && Number(minute) < 60 && Number(minute) % 5 === 0 ? `${hour.padStart(2, "0")}:${minute}` : null);
export const minutesOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
const end = (text) => minutesOf(text) || DAY;
const clock = (minutes) => `${String(Math.floor((minutes % DAY) / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** What is left of a day's hours when the point is closed in between, both as minutes of the day. */
export function without(spans, since, until) {
  return spans.flatMap(([from, to]) => {
    const [opens, closes] = [minutesOf(from), end(to)];
    return [[opens, Math.min(closes, since)], [Math.max(opens, until), closes]]
      .filter(([one, other]) => one < other).map(([one, other]) => [clock(one), clock(other)]);
  });
}

/** The hours of a day by a plan: its exception's, else its weekday's. */
export function hoursOn(plan, date) {
  const found = plan.exceptions.findLast((each) => each.first_day <= date && date <= each.last_day);
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return found ? found.hours : plan.hours[weekday] ?? [];
}

/** The clock of a zone now: the day, and minutes since its midnight. */
export function nowIn(zone) {
  const parts = new Intl.DateTimeFormat("en-CA-u-nu-latn", { timeZone: zone, hourCycle: "h23", year: "numeric",
    month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).formatToParts(new Date());
  const part = (type) => parts.find((each) => each.type === type).value;
  return { day: `${part("year")}-${part("month")}-${part("day")}`, minutes: minutesOf(`${part("hour")}:${part("minute")}`) };
}
