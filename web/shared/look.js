// Size of text and light or dark: chosen by the reader, kept on this machine, set before anything is drawn.

const SIZES = ["normal", "large", "largest"];
const THEMES = ["auto", "light", "dark"];

export const looks = { size: SIZES, theme: THEMES };

/** What is chosen; the first of each if nothing is. */
export function look(what) {
  const chosen = localStorage.getItem(`manzil.${what}`);
  return looks[what].includes(chosen) ? chosen : looks[what][0];
}

export function choose(what, value) {
  localStorage.setItem(`manzil.${what}`, value);
  apply();
}

export function apply() {
  for (const what of Object.keys(looks)) document.documentElement.dataset[what] = look(what);
}
