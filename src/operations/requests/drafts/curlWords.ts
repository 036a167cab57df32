import { parseArgs } from "node:util";
import { split } from "shlex";
import { Refusal } from "../../../protocol/refusal.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** The options of curl (curl.se/docs/manpage.html) that say what is sent, and those that only say how. */
const options = {
  url: text,
  request: { ...text, short: "X" },
  header: { ...text, short: "H" },
  data: { ...text, short: "d" },
  "data-raw": text,
  "data-ascii": text,
  "data-binary": text,
  "data-urlencode": text,
  "url-query": text,
  json: text,
  get: { ...flag, short: "G" },
  head: { ...flag, short: "I" },
  user: { ...text, short: "u" },
  basic: flag,
  "oauth2-bearer": text,
  "user-agent": { ...text, short: "A" },
  referer: { ...text, short: "e" },
  cookie: { ...text, short: "b" },
  "cookie-jar": { ...text, short: "c" },
  insecure: { ...flag, short: "k" },
  location: { ...flag, short: "L" },
  compressed: flag,
  globoff: { ...flag, short: "g" },
  silent: { ...flag, short: "s" },
  "show-error": { ...flag, short: "S" },
  "no-progress-meter": flag,
  include: { ...flag, short: "i" },
  verbose: { ...flag, short: "v" },
  fail: { ...flag, short: "f" },
  "fail-with-body": flag,
  "no-buffer": { ...flag, short: "N" },
  output: { ...text, short: "o" },
  "write-out": { ...text, short: "w" },
  "max-time": { ...text, short: "m" },
  "connect-timeout": text,
  retry: text,
  "max-redirs": text,
  http2: flag,
  "http1.1": flag,
  ipv4: { ...flag, short: "4" },
  ipv6: { ...flag, short: "6" },
} as const;

/** Those that need something which an API call hasn't. */
const refused: Readonly<Record<string, string>> = {
  form: "sends parts (multipart), which an API call here can't",
  F: "sends parts (multipart), which an API call here can't",
  "form-string": "sends parts (multipart), which an API call here can't",
  "upload-file": "sends a file, which an API call here can't",
  T: "sends a file, which an API call here can't",
  digest: "asks for a way to prove who asks that an API call here hasn't",
  ntlm: "asks for a way to prove who asks that an API call here hasn't",
  negotiate: "asks for a way to prove who asks that an API call here hasn't",
  "aws-sigv4": "asks for a way to prove who asks that an API call here hasn't",
  cert: "proves who asks by a certificate, which an API call here can't",
  E: "proves who asks by a certificate, which an API call here can't",
  proxy: "goes by a proxy, which an API call here doesn't",
  x: "goes by a proxy, which an API call here doesn't",
  config: "reads a file of the machine where it was written",
  K: "reads a file of the machine where it was written",
};

export type CurlOption = { name: keyof typeof options | "url"; value: string };

const longest = 100_000;

/** A line of a shell as the options that curl would read, in their order. Nothing of the shell is done: no variable, no file, no other program. */
export function readCurl(line: string): CurlOption[] {
  if (line.length > longest) throw wrong(`The line is longer than ${longest} characters.`);
  const words = wordsOf(line);
  if (!/(?:^|[/\\])curl(?:\.exe)?$/.test(words.shift() ?? "")) throw wrong("This must be a line that begins with curl.");
  const pipe = words.findIndex((word) => /^(?:\||\|\||&&|;|>|>>|<|2>&1|2>.*)$/.test(word));
  const { tokens } = parseArgs({
    args: pipe === -1 ? words : words.slice(0, pipe),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.flatMap((token): CurlOption[] => {
    if (token.kind === "option-terminator") return [];
    if (token.kind === "positional") return [{ name: "url", value: token.value }];
    if (!isKnown(token.name))
      throw wrong(`The option ${token.rawName} ${refused[token.name] ?? "isn't one that can be read here; leave it out"}.`);
    if (options[token.name].type === "string" && token.value === undefined)
      throw wrong(`The option ${token.rawName} has nothing behind it.`);
    return [{ name: token.name, value: token.value ?? "" }];
  });
}

function isKnown(name: string): name is keyof typeof options {
  return Object.hasOwn(options, name);
}

/** Lines are joined as a shell joins them, by \, and as those of Windows do, by ^ and `. */
function wordsOf(line: string): string[] {
  try {
    return split(
      line
        .trim()
        .replace(/^\$\s+/, "")
        .replace(/[ \t]+[\\^`]\r?\n/g, " ")
        .replace(/\\\r?\n/g, ""),
    );
  } catch {
    throw wrong("A quotation mark that is opened here isn't closed.");
  }
}

export function wrong(message: string): Refusal {
  return new Refusal("invalid_value", message, { path: "curl" });
}
