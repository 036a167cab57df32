import { describe, expect, it } from "vitest";
import { fromCurl } from "../../../src/operations/requests/drafts/fromCurl.ts";
import { fillRequest } from "../../../src/operations/requests/fillRequest.ts";

const rules = { stage: "production", allowHosts: new Set<string>() } as const;
const read = (line: string) => fromCurl(line, rules);

/** What a draft sends with the values that stood in it. */
function sent(line: string) {
  const { definition, parameters, values } = read(line);
  return fillRequest(definition, parameters, values, rules);
}

describe("a pasted line of curl", () => {
  it("becomes a call whose values are parameters and whose secret is the credential's", () => {
    const draft = read(`curl -X POST 'https://api.example.com/v1/orders/4711/lines?region=north&days=3&dry=true' \\
      -H "Content-Type: application/json" -H 'Authorization: Bearer a-token-of-24-characters' \\
      --data-raw '{"sku":"A-1","qty":2,"price":12.5,"on":"2026-11-21","code":"007","rush":false,"note":null,"tags":["a"],"to":{"name":"Ada"}}' --compressed`);
    expect(draft.definition).toEqual({
      method: "POST",
      url: "https://api.example.com/v1/orders/{{order_id}}/lines?region={{region}}&days={{days}}&dry={{dry}}",
      headers: { "Content-Type": "application/json" },
      body: {
        sku: "{{sku}}",
        qty: "{{qty}}",
        price: "{{price}}",
        on: "{{on}}",
        code: "{{code}}",
        rush: "{{rush}}",
        note: null,
        tags: ["a"],
        to: { name: "{{name}}" },
      },
      credential: { kind: "bearer" },
    });
    expect(Object.fromEntries(draft.parameters.map(({ name, type }) => [name, type]))).toEqual({
      ...{ order_id: "integer", region: "text", days: "integer", dry: "boolean", sku: "text", qty: "integer", price: "decimal" },
      ...{ on: "date", code: "text", rush: "boolean", name: "text" },
    });
    expect(draft.values).toMatchObject({ order_id: 4711, price: "12.5", on: "2026-11-21", code: "007", dry: true });
    expect(draft.secret).toBe("a-token-of-24-characters");
    expect(JSON.stringify({ ...draft, secret: "" })).not.toContain("a-token");
  });

  it.each<[string, object, unknown?]>([
    ["curl https://api.example.com/orders", { method: "GET", url: "https://api.example.com/orders" }],
    ["$ curl -s -L api.example.com/orders", { method: "GET", url: "https://api.example.com/orders" }],
    ["/usr/bin/curl --url https://api.example.com -I", { method: "HEAD", url: "https://api.example.com/" }],
    ["curl -XDELETE https://api.example.com/orders/7", { method: "DELETE", url: "https://api.example.com/orders/7" }],
    ["curl https://api.example.com -d a=1 -d 'b=x y&c=%26'", { method: "POST", body: "a=1&b=x+y&c=%26" }],
    ["curl https://api.example.com --data-urlencode 'q=a&b c' --data-urlencode '=x y'", { body: "q=a%26b+c&x+y=" }],
    ["curl -G https://api.example.com/s -d q=1 --data-urlencode 'r=a b'", { method: "GET", url: "https://api.example.com/s?q=1&r=a%20b" }],
    ["curl https://api.example.com/s?a=1 --url-query b=2", { url: "https://api.example.com/s?a=1&b=2" }],
    [
      'curl --json \'{"a": "x\\"y"}\' https://api.example.com',
      { method: "POST", body: '{"a":"x\\"y"}', headers: { Accept: "application/json", "Content-Type": "application/json" } },
    ],
    ['curl https://api.example.com -d $\'{"a":"it\\\'s"}\'', { body: '{"a":"it\'s"}' }],
    ["curl -H 'X-Day: 1' -H 'Accept:' -A me https://api.example.com", { headers: { "X-Day": "1", "User-Agent": "me" } }],
    ["curl https://api.example.com -H 'content-type: text/plain' -d 'hello you'", { body: "hello you" }],
    ["curl https://api.example.com -X PUT -d @- | jq .", { refused: "comes from a file" }],
    ["curl -u 'ada:a pass:word' https://api.example.com", { credential: { kind: "basic", user: "ada" } }, "a pass:word"],
    ["curl -u sk_of_ours_1: https://api.example.com", { credential: { kind: "basic" } }, "sk_of_ours_1"],
    [
      "curl https://ada:secret%21@api.example.com/x",
      { url: "https://api.example.com/x", credential: { kind: "basic", user: "ada" } },
      "secret!",
    ],
    [
      `curl https://api.example.com -H 'Authorization: Basic ${btoa("ada:secret")}'`,
      { credential: { kind: "basic", user: "ada" } },
      "secret",
    ],
    ["curl https://api.example.com -H 'X-API-Key: 12345678'", { credential: { kind: "key", in: "header", name: "X-API-Key" } }, "12345678"],
    [
      "curl 'https://api.example.com/?api_key=12345678&a=1'",
      { url: "https://api.example.com/?a=1", credential: { kind: "key", in: "query", name: "api_key" } },
      "12345678",
    ],
    ["curl https://api.example.com --oauth2-bearer abcdefgh", { credential: { kind: "bearer" } }, "abcdefgh"],
    ['curl https://api.example.com -H "Authorization: Bearer $TOKEN"', { credential: { kind: "bearer" } }],
    ["curl https://api.example.com -X POST -H 'Idempotency-Key: 5'", { repeatHeader: "Idempotency-Key" }],
    ["curl 'https://api.example.com' -H 'sec-ch-ua: \"x\"' -H 'cookie: a=b' -H 'origin: https://x.example' --insecure", { headers: {} }],
  ])("%s", (line, expected, secret) => {
    if ("refused" in expected) return expect(() => sent(line)).toThrow(String(expected.refused));
    const filled = sent(line);
    expect(filled).toMatchObject(expected);
    expect(read(line).secret).toBe(secret);
  });

  it("takes the names that stand in its path, and says what it left out", () => {
    const draft = read("curl -k -L -b a=b https://api.example.com/{tenant}/orders/:id/$LINE");
    expect(draft.definition.url).toBe("https://api.example.com/{{tenant_2}}/orders/{{id}}/{{line}}");
    expect(draft.notes).toEqual([expect.stringContaining("-k"), expect.stringContaining("-L"), expect.stringContaining("Cookies")]);
    expect(read("curl https://api.example.com -u a:bcde -H 'X-Api-Key: 12345678'").notes).toEqual([
      expect.stringContaining("second was left out"),
    ]);
    expect(read("curl https://api.example.com -d '{\"a\":1}'").notes).toEqual([expect.stringContaining("JSON")]);
  });

  it("takes thirty parameters, and leaves the rest as it stands", () => {
    const draft = read(`curl 'https://api.example.com/?${Array.from({ length: 40 }, (_, n) => `p${n}=x%20${n}`).join("&")}'`);
    expect(draft.parameters).toHaveLength(30);
    expect(draft.definition.url).toContain("p29={{p29}}&p30=x%2030&");
  });

  it.each([
    ["", "begins with curl"],
    ["wget https://api.example.com", "begins with curl"],
    ["curl", "address is missing"],
    ["curl -X POST", "address is missing"],
    ["curl https://a.example.com https://b.example.com", "more than one address"],
    ["curl 'https://api.example.com", "isn't closed"],
    ["curl https://api.example.com -F file=@x", "-F sends parts"],
    ["curl https://api.example.com -T x", "-T sends a file"],
    ["curl https://api.example.com --proxy http://127.0.0.1", "--proxy goes by a proxy"],
    ["curl https://api.example.com -K x", "-K reads a file"],
    ["curl https://api.example.com --digest -u a:b", "--digest asks for a way"],
    ["curl https://api.example.com --frobnicate", "--frobnicate isn't one"],
    ["curl https://api.example.com -d", "-d has nothing behind it"],
    ["curl https://api.example.com -d @/etc/passwd", "comes from a file"],
    ["curl https://api.example.com -H 'Authorization: Digest x'", "way to prove"],
    ["curl https://api.example.com -d password=hunter2hunter2", "seems to be a secret"],
    ["curl http://169.254.169.254/latest/meta-data", "https://"],
    ["curl https://127.0.0.1/", "private network"],
    ["curl file:///etc/passwd", "https://"],
    ["curl -X TRACE https://api.example.com", "method is one of"],
    [`curl ${"x".repeat(100_001)}`, "longer than"],
  ])("is refused where it is %s", (line, message) => {
    expect(() => read(line)).toThrow(expect.objectContaining({ code: "invalid_value", message: expect.stringContaining(message) }));
  });
});
