import { begin, head, languages, main } from "../shared/shell.js";
import { put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { nothing } from "../shared/ui.js";

begin([], (place, again) => put(place, head("Manzil", languages(again)), main(nothing(t("being_built")))));
