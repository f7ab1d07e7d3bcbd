// The passport's machine-readable lines, typed or pasted; each field says whether its check digit agrees.

import { h, put } from "../../shared/dom.js";
import { Problem } from "../../shared/http.js";
import { has, t } from "../../shared/i18n.js";
import { look } from "../../shared/mrz.js";
import { card, field, form, say } from "../../shared/ui.js";

const SHOWN = ["name", "number", "nationality", "birth_date", "sex", "expiry_date", "personal_number"];

export default function passport(place, app) {
  const input = h("textarea", { name: "mrz", rows: 3, class: "mrz", autocapitalize: "characters", autocomplete: "off",
    spellcheck: "false", required: true, dir: "ltr", wrap: "off" });
  const lines = field(t("mrz"), input, t("mrz_hint"));
  const checks = h("ul", { class: "checks", "aria-label": t("mrz_fields") });
  const word = h("p", { role: "status" });
  input.addEventListener("input", () => tell(look(input.value)));

  function tell(seen) {
    lines.complain(null);
    put(word, wordOf(seen));
    word.className = seen.ok ? "good" : "warned";
    put(checks, SHOWN.filter((name) => seen.fields[name]).map((name) => {
      const { value, ok } = seen.fields[name];
      const mark = ok === null ? "" : ok ? "✓ " : "✗ ";
      return h("li", { class: ok === false ? "bad" : "" }, `${mark}${t(`mrz_${name}`)}`,
        h("b", {}, value.replace(/<+/g, " ").trim() || "—"), ok === false && h("small", { class: "bad" }, t("mrz_look_again")));
    }));
  }

  put(place, card(t("passport_title"), h("p", {}, t("passport_text")),
    form(t("go_on"), async ({ mrz }) => {
      const seen = look(mrz);
      tell(seen);
      if (!seen.ok) {
        put(word);
        lines.complain(wordOf(seen));
        const fault = seen.problems[0];
        const from = seen.lines.slice(0, fault.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + fault.column - 1;
        if (seen.layout) input.value = seen.lines.join("\n");
        input.focus();
        if (seen.layout) input.setSelectionRange(from, from + 1);
        return;
      }
      try {
        await app.api.post("/v1/me/passport", { mrz: seen.lines.join("\n") });
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) throw error;
        lines.complain(error.message);
        return;
      }
      say(t("saved"));
      const { data: me } = await app.newest("/v1/me");
      app.go(me.entry ? "path" : "entry");
    }, lines, word, checks),
    h("p", { class: "dim" }, t("passport_photo"), " ", h("a", { href: "#papers" }, t("tab_papers")))));
}

/** What is to be mended first, in words: where, and what of it. */
export function wordOf(seen) {
  if (seen.ok) return t("mrz_ok");
  const [fault] = seen.problems;
  if (fault.field === "length") {
    if (!seen.lines.length) return "";
    const missing = seen.missing[fault.line - 1] ?? 0;
    return missing > 0 ? t("mrz_missing", { n: missing, line: fault.line }) : t("mrz_too_long", { line: fault.line });
  }
  if (fault.field === "characters") return t("mrz_characters", fault);
  if (fault.field === "composite") return t("mrz_composite");
  return t("mrz_wrong", { ...fault, field: has(`mrz_${fault.field}`) ? t(`mrz_${fault.field}`) : fault.field });
}
