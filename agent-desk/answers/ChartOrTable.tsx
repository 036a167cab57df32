import { useState } from "preact/hooks";
import type { ChartBlock } from "../../src/protocol/blocks.ts";
import { Button } from "../look/Button.tsx";
import { LineChart } from "./LineChart.tsx";
import { SortedTable } from "./SortedTable.tsx";

/** A chart, which can be looked at as the table that it is made of. */
export function ChartOrTable({ chart, drawn }: { chart: ChartBlock; drawn: preact.ComponentChildren }) {
  const [asTable, setAsTable] = useState(false);
  const columns = [{ name: chart.title ?? "", type: "text" }, ...chart.series.map(({ name }) => ({ name, type: "float" }))];
  const rows = chart.labels.map((label, place) => [label, ...chart.series.map(({ values }) => values[place] ?? null)]);
  return (
    <div>
      {asTable ? <SortedTable columns={columns} rows={rows} /> : chart.look === "lines" ? <LineChart chart={chart} /> : drawn}
      <Button small tone="plain" pressed={asTable} onClick={() => setAsTable(!asTable)}>
        {asTable ? "As a chart" : "As a table"}
      </Button>
    </div>
  );
}
