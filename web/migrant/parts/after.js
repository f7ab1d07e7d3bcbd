// Before a visit: waiting for an earlier time. After it: how it was.

import { h, put } from "../../shared/dom.js";
import { momentHere, t } from "../../shared/i18n.js";
import * as store from "../../shared/store.js";
import { button, card, field, form, say, show } from "../../shared/ui.js";

const STARS = [1, 2, 3, 4, 5];
const KEY = "earlier";

/** Five stars and a comment, for as long as they can be given or changed. */
export function rating(app, booking) {
  const place = h("div", { class: "stack" });
  const element = card(t("rate_title"), place, h("a", { class: "button", href: `#complaints/${booking.id}` }, t("complain")));
  show(place, () => app.newest(`/v1/bookings/${booking.id}/rating`), ({ data }) => {
    const fault = h("p", { class: "fault", role: "alert", hidden: true }, t("rate_needed"));
    const stars = h("fieldset", { class: "stars" }, h("legend", {}, t("rate_stars")), STARS.map((n) => h("label", { class: "pick" },
      h("input", { type: "radio", name: "stars", value: n, checked: data?.stars === n }), h("span", { "aria-hidden": "true" }, "★".repeat(n)),
      h("span", { class: "unseen" }, t("stars_of", { stars: n })))), fault);
    return [form(t("save"), async (values) => {
      fault.hidden = Boolean(values.stars);
      if (!values.stars) { stars.querySelector("input").focus(); return; }
      await app.api.put(`/v1/bookings/${booking.id}/rating`, { stars: Number(values.stars), comment: values.comment.trim() || null });
      say(t("rated"));
    }, stars, field(t("comment"), h("textarea", { name: "comment", rows: 3, maxlength: 2000, value: data?.comment ?? "" }), t("comment_hint"))),
    data && h("p", { class: "dim" }, t("rate_until", { when: momentHere(data.open_until) }))];
  });
  return element;
}

/** Asks for an earlier time. The API says of whom it waits by its offers only, so that it was asked is kept here. */
export async function earlier(app, booking) {
  const element = h("div", { class: "stack", role: "status" });
  const waits = async () => (await store.get("kept", KEY)) ?? [];
  draw((await waits()).includes(booking.id));
  return element;

  function draw(waiting) {
    put(element, waiting ? [h("p", {}, t("earlier_asked")), button(t("earlier_stop"), () => turn(false), { kind: "quiet" })]
      : button(t("earlier"), () => turn(true)));
  }

  async function turn(on) {
    await app.api.post(on ? "/v1/waitlist" : `/v1/waitlist/${booking.id}/leave`, on ? { booking_id: booking.id } : undefined);
    const others = (await waits()).filter((each) => each !== booking.id);
    await store.set("kept", KEY, on ? [...others, booking.id] : others);
    draw(on);
  }
}
