// The camera as a scanner, where the browser knows how to read a QR code.

import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

/** Shows what the camera sees until a code is read, which goes to `onCode`, or the clerk closes it. */
export async function camera(onCode) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    throw Object.assign(new Error(t("no_camera")), { name: "Problem" });
  }
  const video = h("video", { muted: true, playsinline: true, "aria-label": t("camera") });
  const box = h("dialog", { "aria-label": t("camera"), class: "camera", on: { close: end } });
  put(box, video, h("p", {}, t("camera_hint")),
    h("button", { type: "button", on: { click: () => box.close() } }, t("close")));
  document.body.append(box);
  box.showModal();
  video.srcObject = stream;
  await video.play();
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });

  function end() {
    for (const track of stream.getTracks()) track.stop();
    box.remove();
  }

  while (box.open) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) {
      box.close();
      await onCode(found.rawValue);
      return;
    }
    await new Promise((done) => setTimeout(done, 150));
  }
}
