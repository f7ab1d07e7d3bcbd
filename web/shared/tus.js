// A file on its way by tus 1.0 (https://tus.io): in parts, and where the net was gone it goes on from what has come.

import { Offline, Problem } from "./http.js";

const PART = 256 * 1024;
const WAITS = 20;
const SPOKEN = { "Tus-Resumable": "1.0.0" };
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Sends a page's file of a document's version. `onProgress(sent, all)` in bytes. Problem when it is refused. */
export async function upload(api, { document, version = 1, page = 1 }, file, onProgress = () => {}) {
  const about = Object.entries({ document, version: String(version), page: String(page) });
  const made = await api.ask("POST", "/v1/me/uploads", { headers: { ...SPOKEN, "Upload-Length": String(file.size),
    "Upload-Metadata": about.map(([name, value]) => `${name} ${base64(value)}`).join(",") } });
  const { location } = await made.json();
  let sent = 0;
  let waits = 0;
  onProgress(sent, file.size);
  while (sent < file.size) {
    try {
      const answer = await api.ask("PATCH", location, { tries: 1, body: file.slice(sent, sent + PART), headers: { ...SPOKEN,
        "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(sent) } });
      sent = Number(answer.headers.get("Upload-Offset"));
      waits = 0;
    } catch (error) {
      const passing = error instanceof Offline || (error instanceof Problem && (error.status >= 500 || error.status === 409));
      if (!passing || (waits += 1) > WAITS) throw error;
      await new Promise((done) => setTimeout(done, 1500));
      // What of the part has come is kept there: it goes on from where it stands.
      const standing = await api.ask("HEAD", location, { headers: SPOKEN, tries: 1 }).catch(() => null);
      if (standing) sent = Number(standing.headers.get("Upload-Offset"));
    }
    onProgress(sent, file.size);
  }
}
