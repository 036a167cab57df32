import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escaped } from "../../../bots/slack/escape.ts";
import { readText } from "../../../bots/slack/slackText.ts";

describe("4.2 what somebody wrote in Slack", () => {
  it.each([
    ["a mention of us is gone", "<@U0BOT> help", "help"],
    ["wherever it stands", "hey <@U0BOT|switchboard>, help", "hey , help"],
    ["<@U…|name> is a name", "ask <@U1|vera>", "ask @vera"],
    ["<@U…> is an id", "ask <@U1>", "ask @U1"],
    ["<!channel>, <!here>, <!everyone> are words", "<!channel> <!here> <!everyone|everyone>", "@channel @here @everyone"],
    ["a group", "<!subteam^S1|@ops> <!subteam^S2>", "@ops @group"],
    ["a channel", "<#C1|general> <#C2>", "#general #C2"],
    ["a date", "<!date^1392734382^{date}|18 February>", "18 February"],
    ["an address", "<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"],
    ["an address with a label", "<https://evil.example|bank.example>", "bank.example (https://evil.example)"],
    ["an address that Slack made a link", "<http://a.example|a.example>", "http://a.example"],
    ["a mail address", "<mailto:a@b.example|a@b.example>", "a@b.example"],
    ["entities once", "&lt;b&gt; &amp;lt; R&amp;D", "<b> &lt; R&D"],
    ["what only looks like a mention", "&lt;@U0BOT&gt; help", "<@U0BOT> help"],
    ["arguments with comparisons", "orders total:&gt;5 name:&lt;x&gt;", "orders total:>5 name:<x>"],
    ["line ends", "a  \nb\t\n\n c", "a\nb\n\n c"],
  ])("%s", (_, text, read) => {
    expect(readText(text, "U0BOT")).toBe(read);
  });

  it("is what we would have written ourselves", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const clean = text
          .replace(/\p{Cc}/gu, "")
          .replace(/\s+/g, " ")
          .trim();
        expect(readText(escaped(clean, 10_000), "U0BOT")).toBe(clean);
      }),
    );
  });
});
