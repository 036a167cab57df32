/** Somebody with an account in the tenant, whatever they may do there. */
export interface MemberView {
  id: string;
  name: string;
  email: string;
  active: boolean;
  /** Keys of roles. */
  roles: string[];
  /** Keys of teams. */
  teams: string[];
}

export interface RoleView {
  key: string;
  name: string;
  grants: { permission: string; on: { inbox: string[]; team: string[]; operation: string[] }; records: "own" | "team" | "all" }[];
  /** Every tenant has it, and it stays as it is. */
  predefined: boolean;
  people: number;
  /** Of the tenant's own: counts its changes. */
  version?: number;
}

export interface KeyView {
  id: string;
  name: string;
  /** Its beginning. */
  prefix: string;
  scopes: string[];
  maker: { id: string; name: string };
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}
