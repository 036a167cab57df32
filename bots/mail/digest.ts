import { mailWords } from "../../src/conversations/delivery/mailWords.ts";
import type { Delivery } from "../../src/conversations/ledger/channel.ts";
import { html, lines, mailPage } from "../../src/platform/mail/html.ts";

/** What a visitor has not read, as one mail; `subject` is that of the mails before it, where there were some. */
export function digestOf(
  { answers, inbox, language, page }: Delivery,
  subject: string | undefined,
): { subject: string; text: string; html: string } {
  const words = mailWords(language);
  const title = subject === undefined || subject === "" ? words.answerSubject(inbox.name) : asAnswer(subject);
  const said = answers.map(({ author, text }) => ({ who: words.wrote(author.name), text }));
  const text = [
    words.marker,
    ...said.map(({ who, text }) => `${who}\n\n${text}`),
    ["--", words.because(inbox.name), ...(page === undefined ? [] : [`${words.continueInChat}: ${page}`])].join("\n"),
  ].join("\n\n");
  const muted = "color:#626976;font-size:13px";
  return {
    subject: title,
    text: `${text}\n`,
    html: mailPage(language, title, [
      html`<p style="${muted}">${words.marker}</p>`,
      ...said.map(
        ({ who, text }) => html`<p style="margin:16px 0 4px;font-weight:600">${who}</p>\n<p style="margin:0 0 16px">${lines(text)}</p>\n`,
      ),
      html`<p style="${muted};border-top:1px solid #e3e6eb;padding-top:12px">${words.because(inbox.name)}</p>`,
      ...(page === undefined ? [] : [html`<p><a href="${page}" style="color:#2d55dd">${words.continueInChat}</a></p>`]),
    ]),
  };
}

/** Threads stay together by their subject where a program looks at nothing else. */
function asAnswer(subject: string): string {
  return /^(re|aw|sv|res)\s*:/i.test(subject) ? subject : `Re: ${subject}`;
}
