import { type DataSourceView, dataSourceKinds } from "../../protocol/dataSources.ts";

/** By what a list of data sources may be filtered and sorted. */
export const dataSourceList = {
  fields: {
    name: { type: "text" },
    kind: { type: "choice", choices: dataSourceKinds },
    host: { type: "text" },
    changedAt: { type: "instant" },
  },
  order: "name",
  unique: "name",
  values: ({ name, kind, host, changedAt }: DataSourceView) => ({ name, kind, host, changedAt }),
} as const;
