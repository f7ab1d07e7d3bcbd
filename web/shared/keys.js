// The phone's own key: made here, kept where no script can read it out, and used to sign refreshes and QR passes.

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

export const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const utf8 = (text) => new TextEncoder().encode(text);

/** A fresh pair, of which the private half can sign and never be read. */
export const makePair = () => crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);

/** The half that the server is told (JWK, RFC 7517). */
export async function publicJwk(pair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { kty, crv, x, y };
}

/** SHA-256 of a text in base64url. */
export const digest = async (text) => base64url(await crypto.subtle.digest("SHA-256", utf8(text)));

/** A token (JWS, ES256) of these claims. */
export async function sign(pair, claims) {
  const head = base64url(utf8(JSON.stringify({ alg: "ES256", typ: "JWT" })));
  const said = `${head}.${base64url(utf8(JSON.stringify(claims)))}`;
  return `${said}.${base64url(await crypto.subtle.sign(SIGNING, pair.privateKey, utf8(said)))}`;
}

// `ahead`: by how many milliseconds the server's clock is ahead of this phone's.
const now = (ahead = 0) => Math.floor((Date.now() + ahead) / 1000);

/** Shows that a refresh comes from this phone. */
export const refreshProof = async (pair, token, ahead) => sign(pair, { iat: now(ahead), rth: await digest(token) });

/** The text of a QR pass: made without a net, good for a minute, so a picture of it soon is not. */
export function qrPass(pair, deviceId, bookingId, ahead) {
  const at = now(ahead);
  return sign(pair, { dev: deviceId, bid: bookingId, iat: at, exp: at + 60 });
}
