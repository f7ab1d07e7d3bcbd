// A telephone number as people type it.

/**
 * As the API takes it. The field begins with +7: a whole number that is pasted behind it counts, and so does one that
 * begins with 8, as people in Russia write their own.
 */
export function international(typed) {
  const plus = typed.lastIndexOf("+");
  const number = typed.slice(Math.max(plus, 0)).trim();
  const own = (plus < 0 ? /^[78]?(9\d{9})$/ : /^7[78]?(9\d{9})$/).exec(number.replace(/\D/g, ""));
  return own ? `+7${own[1]}` : number;
}
