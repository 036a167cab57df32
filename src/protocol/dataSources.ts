export const dataSourceKinds = ["postgresql", "mysql"] as const;
export type DataSourceKind = (typeof dataSourceKinds)[number];

/** A data source as HTTP and commands answer it: never its password. */
export interface DataSourceView {
  id: string;
  name: string;
  kind: DataSourceKind;
  host: string;
  port: number;
  database: string;
  user: string;
  tls: boolean;
  /** Whether a password is kept; it is bound to the host and the port, and gone when these change. */
  hasPassword: boolean;
  /** The shop that comes with the first start in development. */
  demo: boolean;
  version: number;
  changedBy: string;
  /** ISO 8601, UTC. */
  changedAt: string;
}
