import { html, lines, mailPage } from "../../platform/mail/html.ts";
import type { Language } from "../../protocol/languages.ts";
import { changeOf } from "../changes/change.ts";
import { mailWords } from "../delivery/mailWords.ts";
import type { StoredMessage } from "../events.ts";
import { sentencesIn } from "../sentences/sentences.ts";

export interface TranscriptOf {
  inbox: string;
  language: Language;
  timeZone: string;
  beganAt: string;
  /** Never notes: they are of another kind and in another table. */
  messages: readonly StoredMessage[];
  /** Whether there are more than these. */
  cut: boolean;
}

/** A conversation as a mail, in the visitor's language. */
export function transcript({ inbox, language, timeZone, beganAt, messages, cut }: TranscriptOf): {
  subject: string;
  text: string;
  html: string;
} {
  const words = mailWords(language);
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone });
  const subject = words.transcriptSubject(inbox);
  const intro = words.transcriptIntro(inbox, `${when.format(new Date(beganAt))} (${timeZone})`);
  const shown = messages.filter((message) => changeOf(message) === undefined);
  const said = shown.map(({ author, text, at, deleted }) => ({
    at: when.format(new Date(at)),
    who: author.kind === "visitor" ? words.visitor : author.name,
    text: deleted === undefined ? text : sentencesIn(language).wasDeleted,
  }));
  const end = cut ? [words.cutShort] : [];
  return {
    subject,
    text: `${[intro, ...said.map(({ at, who, text }) => `[${at}] ${who}:\n${text}`), ...end].join("\n\n")}\n`,
    html: mailPage(language, subject, [
      html`<p style="font-weight:600">${intro}</p>`,
      ...said.map(
        ({ at, who, text }) =>
          html`<p style="margin:14px 0"><b>${who}</b> <span style="color:#626976;font-size:13px">${at}</span><br>${lines(text)}</p>\n`,
      ),
      ...end.map((text) => html`<p>${text}</p>`),
    ]),
  };
}
