/** In which SQL a data source is spoken to. MariaDB and MySQL share a grammar here, and differ in deadlines and in what they give back. */
export const dialects = ["postgresql", "mysql", "mariadb"] as const;
export type Dialect = (typeof dialects)[number];
