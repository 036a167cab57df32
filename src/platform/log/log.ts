/** Structured logging. Never a message's text, a password, a token or an SQL value: ids, counts, codes and durations. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A log whose every line carries these fields. */
  child(fields: object): Log;
}
