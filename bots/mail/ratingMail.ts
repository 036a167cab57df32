import { mailWords } from "../../src/conversations/delivery/mailWords.ts";
import type { EndedTalk } from "../../src/conversations/ledger/channel.ts";
import { html, mailPage } from "../../src/platform/mail/html.ts";
import { maxCommentLength } from "../../src/protocol/rating.ts";

/**
 * Asks how it was. Its numbers write a mail to `address` and open no page: programs that look through mail open every link, and would vote.
 */
export function ratingMail({ inbox, language }: EndedTalk, address: string): { subject: string; text: string; html: string } {
  const words = mailWords(language);
  const subject = words.ratingSubject(inbox.name);
  const number =
    "display:inline-block;margin-right:8px;padding:8px 16px;border:1px solid #e3e6eb;border-radius:8px;color:#2d55dd;text-decoration:none";
  return {
    subject,
    text: `${[words.marker, subject, words.ratingHow].join("\n\n")}\n`,
    html: mailPage(language, subject, [
      html`<p style="color:#626976;font-size:13px">${words.marker}</p>`,
      html`<p style="margin:16px 0;font-weight:600">${subject}</p>`,
      html`<p>${[1, 2, 3, 4, 5].map((score) => html`<a href="mailto:${address}?subject=${encodeURIComponent(subject)}&amp;body=${score}" style="${number}">${score}</a>`)}</p>`,
      html`<p style="color:#626976;font-size:13px">${words.ratingHow}</p>`,
    ]),
  };
}

/** A number from 1 to 5 by itself on the first line, and what stands below it; undefined where it isn't one. */
export function readRating(text: string): { score: number; comment: string } | undefined {
  const [, score, rest = ""] = /^\s*([1-5])(?:\s*\/\s*5)?[.!]?[^\S\n]*(?:\n([\s\S]*))?$/.exec(text) ?? [];
  if (score === undefined) return undefined;
  return { score: Number(score), comment: [...rest.trim()].slice(0, maxCommentLength).join("") };
}
