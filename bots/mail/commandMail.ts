import { html, mailPage } from "../../src/platform/mail/html.ts";

/** Whether somebody writes a command's line, as they would at the desk or in a chat: a slash and a word. */
export function isCommandLine(text: string): boolean {
  return /^\s*\/[a-z]/i.test(text);
}

/** Says that nothing was run, and where it can be. It repeats nothing of what came: its From is anybody's to write. */
export function commandMail(publicUrl: string): { subject: string; text: string; html: string } {
  const subject = "Commands are not run by mail";
  const nothing = "A mail with your address began with a command. Nothing was run: anybody can write a mail with your address.";
  const instead = "Commands are run where you are signed in, at the desk. What you wrote is read by people, as any other mail.";
  const desk = `${publicUrl}/desk`;
  return {
    subject,
    text: `${[nothing, instead, desk].join("\n\n")}\n`,
    html: mailPage("en", subject, [
      html`<p>${nothing}</p>`,
      html`<p>${instead}</p>`,
      html`<p><a href="${desk}" style="color:#2d55dd">${desk}</a></p>`,
    ]),
  };
}
