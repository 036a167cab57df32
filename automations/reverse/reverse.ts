import { defineAutomation } from "../contract.ts";
import { changeWords } from "../words.ts";

export const reverse = defineAutomation({
  name: "reverse",
  version: "1.0.0",
  summary: "Reverses the order of the words of a sentence.",
  risk: "read",
  audience: "visitor",
  args: { type: "object", properties: { text: { type: "string", description: "The sentence.", maxLength: 4000 } }, required: ["text"] },
  answer: ({ args }) => {
    const text = changeWords(String(args["text"]), (words) => words.toReversed());
    return { messages: [{ text }], data: { text } };
  },
});
