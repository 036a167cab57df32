import { expect, it } from "vitest";
import { presentForm } from "../../bots/slack/presentForm.ts";
import { tableOf as slackTable } from "../../bots/slack/presentTable.ts";
import { tableOf as teamsTable } from "../../bots/teams/presentTable.ts";
import type { TableBlock } from "../../src/protocol/blocks.ts";

const table = (rows: number): TableBlock => ({
  type: "table",
  columns: [{ name: "Id", type: "text" }],
  rows: Array.from({ length: rows }, (_, number) => [`DEL-${number}`]),
  truncated: false,
});

it.each([
  ["Slack", (rows: number) => slackTable(table(rows)).cut],
  ["Teams", (rows: number) => teamsTable(table(rows), 20_000).cut],
])("a table of which %s shows a part says so, by its rows alone", (_, isCut) => {
  expect([isCut(2), isCut(2000)]).toEqual([false, true]);
});

it("a form in Slack keeps what was written, and takes decimals where the command does", () => {
  const inputs = [
    { name: "text", label: "Text", type: "text", required: true, value: "as written" },
    { name: "whole", label: "Whole", type: "integer", required: true, value: "7" },
    { name: "part", label: "Part", type: "number", required: true, value: "7.5" },
  ] as const;
  const { blocks } = presentForm({ card: "c", title: "t", submit: "s", inputs });
  expect(blocks.flatMap((block) => ("element" in block ? [block.element] : []))).toMatchObject([
    { action_id: "text", initial_value: "as written" },
    { action_id: "whole", is_decimal_allowed: false, initial_value: "7" },
    { action_id: "part", is_decimal_allowed: true, initial_value: "7.5" },
  ]);
});
