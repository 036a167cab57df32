const shapes: readonly { what: string; shape: RegExp }[] = [
  { what: "an API key of Switchboard", shape: /\bsbk_[\w-]{20,}/ },
  { what: "a signing secret", shape: /\bwhsec_[\w+/=-]{20,}/ },
  { what: "a private key", shape: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: "an access token", shape: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/ },
  { what: "an access token", shape: /\bBearer\s+[\w.~+/-]{20,}/i },
  { what: "an access key", shape: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: "an access key", shape: /\b(?:sk|rk|pk)_(?:live|test)_\w{16,}|\bsk-[\w-]{24,}|\bAIza[\w-]{35}/ },
  { what: "an access token", shape: /\bgh[pousr]_\w{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}|\bxox[abeoprs]-[\w-]{10,}/ },
  // A word that says so before a value with letters and digits: "password: see below" has none.
  {
    what: "a password",
    shape:
      /(?<![\p{L}\p{N}])(?:passwor[dt]|passphrase|passwd|pwd|senha|contraseña|mot de passe|secret|api[-_ ]?key|token)\s*[:=]\s*"?(?=\S*\p{L})(?=\S*\p{N})[^\s"]{8,}/iu,
  },
];

/**
 * What a text seems to have in it that nobody should write down: passwords, tokens and keys, by the shapes that their makers give them; undefined
 * for nothing. It finds what is pasted by mistake, not what somebody hides.
 */
export function secretIn(text: string): string | undefined {
  return shapes.find(({ shape }) => shape.test(text))?.what;
}
