import { number } from "../words.ts";

const n = (value: number) => number("en", value);

/** What is read in the parts that come later. The other languages have the same. */
const en = {
  table: (columns: string[]) => `Table: ${columns.join(", ")}`,
  chart: (title: string) => (title === "" ? "Chart" : `Chart: ${title}`),
  truncated: "Not all rows are shown.",
  earlier: "Earlier messages",
  required: "Please fill this in.",
  notText: "This is not a text.",
  notEmail: "This is not a mail address, like name@example.com.",
  notNumber: "This is not a number.",
  notDate: "This is not a date.",
  notChoice: "Choose one of the list.",
  optional: "optional",
  choose: "Choose…",
  submit: "Send",
  yes: "yes",
  no: "no",
  answered: "Answered.",
  prechat: "Before we begin",
  team: "Who do you want to speak with?",
  begin: "Start the chat",
  leaveQueue: "Leave",
  leaveLine: "Leave the line",
  place: (position: number | undefined) => (position === undefined ? "In line" : `${ordinal(position)} in line`),
  wait: (minutes: number | undefined) => {
    if (minutes === undefined) return "Your place is kept.";
    return `${minutes === 0 ? "less than a minute" : `about ${n(minutes)} min`}, as of now`;
  },
  endChat: "End the chat",
  newConversation: "Start a new conversation",
  transcript: "Download the conversation",
  mailTranscript: "Send me the conversation by mail",
  mailAddress: "Your mail address",
  mailed: (email: string) => `It is on its way to ${email}.`,
  sound: "Sound",
  language: "Language",
  rate: "How was this conversation?",
  stars: (count: number) => `${n(count)} of 5`,
  worst: "bad",
  best: "very good",
  rateComment: "Would you tell us more?",
  sendRating: "Send the rating",
  rated: "Thank you. Your rating was kept.",
  changeRating: "Change it",
  ratedBefore: "You rated this conversation before. A rating can be changed for 10 minutes.",
};

export type MoreTexts = typeof en;
export default en;

function ordinal(position: number): string {
  const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
  return `${n(position)}${endings[new Intl.PluralRules("en", { type: "ordinal" }).select(position)] ?? "th"}`;
}
