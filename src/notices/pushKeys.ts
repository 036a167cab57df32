import { createECDH, hkdfSync } from "node:crypto";

/** The pair by which push services know this installation (VAPID, RFC 8292), as the library writes it: base64url. */
export interface PushKeys {
  publicKey: string;
  privateKey: string;
}

/** From a key of the root key: the same in every process and after every start, and nothing has to be kept. */
export function pushKeysOf(secret: Buffer): PushKeys {
  const pair = createECDH("prime256v1");
  for (let attempt = 1; ; attempt += 1) {
    try {
      pair.setPrivateKey(Buffer.from(hkdfSync("sha256", secret, "switchboard", `vapid ${attempt}`, 32)));
      return { publicKey: pair.getPublicKey("base64url"), privateKey: pair.getPrivateKey("base64url") };
    } catch (error) {
      // One number in four thousand million is no private key of the curve.
      if (attempt === 4) throw error;
    }
  }
}
