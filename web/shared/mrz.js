// The machine-readable lines of a passport or card (ICAO 9303), looked at while they are typed: which field does not
// add up. The server reads them again, and decides.

const WEIGHTS = [7, 3, 1];
// Line, from, to; with `check`, the place of its digit. As in the parts 4 (TD3), 6 (TD2) and 5 (TD1).
const TD3 = {
  name: "TD3", lines: 2, width: 44, kinds: "P",
  fields: {
    issuer: [0, 2, 5], name: [0, 5, 44], number: [1, 0, 9, 9], nationality: [1, 10, 13], birth_date: [1, 13, 19, 19],
    sex: [1, 20, 21], expiry_date: [1, 21, 27, 27], personal_number: [1, 28, 42, 42],
  },
  composite: [1, 43], composed: [[1, 0, 10], [1, 13, 20], [1, 21, 43]],
};
const TD2 = {
  name: "TD2", lines: 2, width: 36, kinds: "ACI",
  fields: {
    issuer: [0, 2, 5], name: [0, 5, 36], number: [1, 0, 9, 9], nationality: [1, 10, 13], birth_date: [1, 13, 19, 19],
    sex: [1, 20, 21], expiry_date: [1, 21, 27, 27], optional: [1, 28, 35],
  },
  composite: [1, 35], composed: [[1, 0, 10], [1, 13, 20], [1, 21, 35]],
};
const TD1 = {
  name: "TD1", lines: 3, width: 30, kinds: "ACI",
  fields: {
    issuer: [0, 2, 5], number: [0, 5, 14, 14], optional: [0, 15, 30], birth_date: [1, 0, 6, 6], sex: [1, 7, 8],
    expiry_date: [1, 8, 14, 14], nationality: [1, 15, 18], name: [2, 0, 30],
  },
  composite: [1, 29], composed: [[0, 5, 30], [1, 0, 7], [1, 8, 15], [1, 18, 29]],
};
const LAYOUTS = [TD1, TD2, TD3];

/** Weights 7-3-1, modulo 10; A is 10 and Z is 35, `<` is 0. */
export function checkDigit(text) {
  let sum = 0;
  [...text].forEach((char, at) => { sum += (char === "<" ? 0 : parseInt(char, 36)) * WEIGHTS[at % 3]; });
  return String(sum % 10);
}

/** Lines in capitals without spaces: as pasted, typed, or run together. */
export function linesOf(text) {
  const clean = text.replace(/«/g, "<<").replace(/‹/g, "<").toUpperCase();
  const lines = clean.split(/[\n\r\u2028]+/).map((line) => line.replace(/\s/g, "")).filter(Boolean);
  if (lines.length !== 1) return lines;
  const layout = LAYOUTS.find((each) => each.lines * each.width === lines[0].length);
  if (!layout) return lines;
  return Array.from({ length: layout.lines }, (_, at) => lines[0].slice(at * layout.width, (at + 1) * layout.width));
}

/**
 * What can be said of the lines: `layout` once their lengths tell it, `fields` with `value` and `ok` (true, false, or
 * null where there is no digit to tell), `problems` in the order to mend them: `{field, line, column}` counted from 1,
 * `ok` if nothing is wrong. `missing`: how many characters each line lacks (below zero: has too many).
 */
export function look(text) {
  const lines = linesOf(text);
  const foreign = lines.map((line, at) => [line.search(/[^0-9A-Z<]/), at]).find(([place]) => place >= 0);
  const layout = LAYOUTS.find((each) => lines.length === each.lines && lines.every((line) => line.length === each.width));
  if (foreign || !layout) {
    const wanted = lines[0]?.startsWith("P") || lines.length < 3 ? TD3 : TD1;
    const missing = Array.from({ length: wanted.lines }, (_, at) => wanted.width - (lines[at]?.length ?? 0));
    const problems = foreign
      ? [{ field: "characters", line: foreign[1] + 1, column: foreign[0] + 1 }]
      : [{ field: "length", line: 1 + missing.findIndex((each) => each !== 0), column: 1 }];
    return { lines, layout: null, fields: {}, problems, missing, ok: false };
  }
  const fields = {};
  const problems = [];
  const fault = (field, line, column) => problems.push({ field, line: line + 1, column: column + 1 });
  if (!layout.kinds.includes(lines[0][0])) fault("document_type", 0, 0);
  for (const [name, [line, from, to, check]] of Object.entries(layout.fields)) {
    const value = lines[line].slice(from, to);
    const ok = fieldOk(layout, name, value, check === undefined ? null : lines[line][check], lines);
    fields[name] = { value: value.replace(/<+$/, ""), ok };
    if (ok === false) fault(name, line, from);
  }
  const [line, at] = layout.composite;
  const composed = layout.composed.map(([row, from, to]) => lines[row].slice(from, to)).join("");
  // The last digit covers the others: it is worth a word only when they are right.
  if (!problems.length && checkDigit(composed) !== lines[line][at]) fault("composite", line, at);
  return { lines, layout: layout.name, fields, problems, missing: [], ok: problems.length === 0 };
}

function fieldOk(layout, name, value, check, lines) {
  const empty = /^<*$/.test(value);
  if (name === "name") return /^[A-Z<]+$/.test(value) && !/^<*$/.test(value.split("<<")[0]);
  if (name === "issuer" || name === "nationality") return /^[A-Z]{1,3}<*$/.test(value);
  if (name === "sex") return /^[MF<]$/.test(value);
  if (name === "number") return !empty && (checkDigit(value) === check || (check === "<" && longNumber(layout, value, lines)));
  if (check === null) return null;
  // An empty personal number may have a filler for its digit.
  if (name === "personal_number" && empty && check === "<") return true;
  if (checkDigit(value) !== check) return false;
  return name.endsWith("_date") ? dateOk(value) : true;
}

/** A number too long for its field goes on in the optional data, its digit behind it (parts 5 and 6, note j). */
function longNumber(layout, value, lines) {
  const optional = layout.fields.optional;
  if (!optional) return false;
  const more = lines[optional[0]].slice(optional[1], optional[2]).split("<")[0];
  const whole = value + more.slice(0, -1);
  return more.length >= 2 && !value.includes("<") && checkDigit(whole) === more.at(-1);
}

/** Unknown parts are fillers; what is there must be a day of some year. */
function dateOk(value) {
  if (!/^(?:\d\d|<<){3}$/.test(value)) return false;
  const [month, day] = [value.slice(2, 4), value.slice(4, 6)].map((part) => (part === "<<" ? null : Number(part)));
  const longest = month === null ? 31 : [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (longest === undefined || day === 0 || (day !== null && day > longest)) return false;
  const year = value.slice(0, 2);
  return !(month === 2 && day === 29 && year !== "<<" && Number(year) % 4 !== 0);
}
