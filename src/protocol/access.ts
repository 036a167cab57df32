/** Bodies of the session resources, as `protocol.md` has them. */
export interface SessionAnswer {
  accessToken: string;
  expiresAt: string;
  account: { id: string; name: string; email: string };
  memberships: { tenant: string; roles: string[] }[];
  next: "none" | "secondFactor" | "enrolSecondFactor" | "verifyEmail" | "setPassword";
}

export interface TicketAnswer {
  ticket: string;
  expiresAt: string;
}
