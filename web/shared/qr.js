// A QR code (ISO/IEC 18004) of a text: bytes, correction level L, versions 1 to 20: up to 858 characters.

const MOST = 20;
// Of each version: correction codewords in a block, and blocks (ISO/IEC 18004, table 9, level L).
const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
const LEVEL_L = 1;

/** Rows of booleans, true where it is dark, without the quiet zone. RangeError for a text that does not fit. */
export function qr(text, chosenMask = null) {
  const bytes = new TextEncoder().encode(text);
  const version = 1 + CORRECTION.findIndex((_, at) => 4 + lengthBits(at + 1) + 8 * bytes.length <= 8 * dataWords(at + 1));
  if (version === 0) throw new RangeError("too long for a QR code");
  const grid = frame(version);
  place(grid, withCorrection(version, dataOf(bytes, version)));
  const masks = chosenMask === null ? [...Array(8).keys()] : [chosenMask];
  let best = null;
  for (const number of masks) {
    const rows = masked(grid, number);
    const penalty = masks.length === 1 ? 0 : penaltyOf(rows);
    if (!best || penalty < best.penalty) best = { rows, penalty };
  }
  return best.rows;
}

const lengthBits = (version) => (version < 10 ? 8 : 16);

/** Codewords of a version, data and correction together. */
function words(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

const dataWords = (version) => words(version) - CORRECTION[version - 1] * BLOCKS[version - 1];

function dataOf(bytes, version) {
  const bits = [];
  const push = (value, length) => { for (let at = length - 1; at >= 0; at -= 1) bits.push((value >> at) & 1); };
  push(4, 4);
  push(bytes.length, lengthBits(version));
  for (const byte of bytes) push(byte, 8);
  const room = 8 * dataWords(version);
  push(0, Math.min(4, room - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  const found = [];
  for (let at = 0; at < bits.length; at += 8) found.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let pad = 0xec; found.length < dataWords(version); pad ^= 0xec ^ 0x11) found.push(pad);
  return found;
}

function times(x, y) {
  let product = 0;
  for (let at = 7; at >= 0; at -= 1) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((y >> at) & 1) * x);
  return product;
}

function divisor(degree) {
  const found = Array(degree).fill(0);
  found[degree - 1] = 1;
  for (let number = 0, root = 1; number < degree; number += 1, root = times(root, 2)) {
    for (let at = 0; at < degree; at += 1) found[at] = times(found[at], root) ^ (found[at + 1] ?? 0);
  }
  return found;
}

function remainder(data, by) {
  const found = Array(by.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ found.shift();
    found.push(0);
    by.forEach((each, at) => { found[at] ^= times(each, factor); });
  }
  return found;
}

/** The blocks, each with its correction, woven into one row of codewords. */
function withCorrection(version, data) {
  const count = BLOCKS[version - 1];
  const correction = CORRECTION[version - 1];
  const all = words(version);
  const short = count - (all % count);
  const length = Math.floor(all / count) - correction;
  const by = divisor(correction);
  const blocks = [];
  for (let number = 0, at = 0; number < count; number += 1) {
    const own = data.slice(at, at += length + (number < short ? 0 : 1));
    blocks.push({ own, check: remainder(own, by) });
  }
  const woven = [];
  for (let at = 0; at <= length; at += 1) for (const { own } of blocks) if (at < own.length) woven.push(own[at]);
  for (let at = 0; at < correction; at += 1) for (const { check } of blocks) woven.push(check[at]);
  return woven;
}

/** The fixed patterns. `fixed` marks what data must not touch. */
function frame(version) {
  const size = 17 + 4 * version;
  const rows = Array.from({ length: size }, () => Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array(size).fill(false));
  const set = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    rows[y][x] = dark;
    fixed[y][x] = true;
  };
  for (let at = 0; at < size; at += 1) { set(6, at, at % 2 === 0); set(at, 6, at % 2 === 0); }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
    for (let dy = -4; dy <= 4; dy += 1) for (let dx = -4; dx <= 4; dx += 1) {
      const far = Math.max(Math.abs(dx), Math.abs(dy));
      set(x + dx, y + dy, far !== 2 && far !== 4);
    }
  }
  const marks = version === 1 ? [] : alignments(version, size);
  const last = marks.length - 1;
  marks.forEach((x, i) => marks.forEach((y, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
    for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) {
      set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }
  }));
  for (let at = 0; at < 9; at += 1) { set(8, at, rows[at][8]); set(at, 8, rows[8][at]); }
  for (let at = 0; at < 8; at += 1) { set(8, size - 1 - at, false); set(size - 1 - at, 8, false); }
  set(8, size - 8, true);
  if (version >= 7) {
    let rest = version;
    for (let at = 0; at < 12; at += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let at = 0; at < 18; at += 1) {
      const [far, near] = [size - 11 + (at % 3), Math.floor(at / 3)];
      set(far, near, ((bits >> at) & 1) === 1);
      set(near, far, ((bits >> at) & 1) === 1);
    }
  }
  return { size, rows, fixed };
}

function alignments(version, size) {
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - at * step).reverse()];
}

/** Data goes up and down in columns of two, from the right. */
function place({ size, rows, fixed }, data) {
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) for (const x of [right, right - 1]) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      if (!fixed[y][x] && at < data.length * 8) {
        rows[y][x] = ((data[at >> 3] >> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function masked({ size, rows, fixed }, number) {
  const found = rows.map((row, y) => row.map((dark, x) => (fixed[y][x] ? dark : dark !== (MASKS[number](x, y) === 0))));
  let rest = (LEVEL_L << 3) | number;
  for (let at = 0; at < 10; at += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((((LEVEL_L << 3) | number) << 10) | rest) ^ 0x5412;
  const bit = (at) => ((bits >> at) & 1) === 1;
  for (let at = 0; at < 6; at += 1) found[at][8] = bit(at);
  [found[7][8], found[8][8], found[8][7]] = [bit(6), bit(7), bit(8)];
  for (let at = 9; at < 15; at += 1) found[8][14 - at] = bit(at);
  for (let at = 0; at < 8; at += 1) found[8][size - 1 - at] = bit(at);
  for (let at = 8; at < 15; at += 1) found[size - 15 + at][8] = bit(at);
  return found;
}

/** How hard a mask is to read: long runs, blocks, what looks like a finder, too much of one shade. */
function penaltyOf(rows) {
  const size = rows.length;
  let found = 0;
  for (const lines of [rows, rows.map((_, x) => rows.map((row) => row[x]))]) for (const line of lines) {
    const text = line.map(Number).join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) found += run.length - 2;
    found += 40 * (text.match(/(?=10111010000|00001011101)/g) ?? []).length;
  }
  for (let y = 1; y < size; y += 1) for (let x = 1; x < size; x += 1) {
    if (rows[y][x] === rows[y - 1][x] && rows[y][x] === rows[y][x - 1] && rows[y][x] === rows[y - 1][x - 1]) found += 3;
  }
  const dark = rows.flat().filter(Boolean).length / (size * size);
  return found + 10 * Math.floor(Math.abs(dark * 100 - 50) / 5);
}
