// A file on its way by tus 1.0 (https://tus.io): in parts, and where the net was gone it goes on from what has come.

import { Offline, Problem } from "./http.js";

// A part that takes no second is followed by one of twice its size: few requests on a quick net, little lost on a bad one.
const PART = 256 * 1024;
const LARGEST = 8 * PART;
const WAITS = 20;
const PAUSE = 1500;
const ASKED_TO_WAIT = 10_000;
const SPOKEN = { "Tus-Resumable": "1.0.0" };
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** The upload that was begun before, where this is why another is refused. */
async function begun(api, error) {
  if (!(error instanceof Problem) || error.code !== "page_taken") throw error;
  const location = `/v1/me/uploads/${error.body.upload_id}`;
  const standing = await api.ask("HEAD", location, { headers: SPOKEN });
  return { location, offset: Number(standing.headers.get("Upload-Offset")) };
}

/** Sends a page's file of a document's version. `onProgress(sent, all)` in bytes. Problem when it is refused. */
export async function upload(api, { document, version = 1, page = 1 }, file, onProgress = () => {}) {
  const about = Object.entries({ document, version: String(version), page: String(page) });
  const { location, offset } = await api.ask("POST", "/v1/me/uploads", { headers: { ...SPOKEN,
    "Upload-Length": String(file.size),
    "Upload-Metadata": about.map(([name, value]) => `${name} ${base64(value)}`).join(",") } })
    .then((answer) => answer.json(), (error) => begun(api, error));
  let sent = offset;
  let waits = 0;
  let part = PART;
  onProgress(sent, file.size);
  while (sent < file.size) {
    try {
      const since = performance.now();
      const answer = await api.ask("PATCH", location, { tries: 1, body: file.slice(sent, sent + part), headers: { ...SPOKEN,
        "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(sent) } });
      sent = Number(answer.headers.get("Upload-Offset"));
      waits = 0;
      part = performance.now() - since < 1000 ? Math.min(part * 2, LARGEST) : PART;
    } catch (error) {
      const asked = error instanceof Problem && error.status === 429;
      const passing = error instanceof Offline || (error instanceof Problem && (error.status >= 500 || error.status === 409));
      if (!(passing || asked) || (waits += 1) > WAITS) throw error;
      part = PART;
      await new Promise((done) => setTimeout(done, asked ? ASKED_TO_WAIT : PAUSE));
      // What of the part has come is kept there: it goes on from where it stands.
      const standing = await api.ask("HEAD", location, { headers: SPOKEN, tries: 1 }).catch(() => null);
      if (standing) sent = Number(standing.headers.get("Upload-Offset"));
    }
    onProgress(sent, file.size);
  }
}
