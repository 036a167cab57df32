/** Where a page reaches a gateway: a port on loopback, and the origin that it says it has. */
export interface Door {
  port: number;
  origin: string;
}
