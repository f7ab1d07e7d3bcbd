import { put } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { nothing } from "../../shared/ui.js";

export default function jobs(place) {
  put(place, nothing(t("being_built")));
}
