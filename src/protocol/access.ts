/** Bodies of the session resources, as `protocol.md` has them. */
export interface SessionAnswer {
  accessToken: string;
  expiresAt: string;
  account: { id: string; name: string; email: string };
  memberships: { tenant: string; roles: string[] }[];
  /** The slug of the tenant that the token is for; null until one is made or chosen. */
  tenant: string | null;
  next: NextStep;
}

/** What must be done before anything else is possible. */
export type NextStep = "none" | "secondFactor" | "enrolSecondFactor" | "verifyEmail" | "setPassword";

export interface TicketAnswer {
  ticket: string;
  expiresAt: string;
}
