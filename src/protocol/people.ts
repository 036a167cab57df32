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

/** Somebody who is invited and has not come yet. */
export interface InvitationView {
  email: string;
  /** Keys of a role and of a team. */
  role: string;
  team: string | null;
  /** Who invited them, by name. */
  by: string;
  createdAt: string;
  expiresAt: string;
}

/** To what of a blueprint's entities a role is limited: which fields it reads and writes, whose entities, and which. All where nothing is said. */
export interface RoleLimit {
  read?: string[];
  write?: string[];
  records?: "own" | "team" | "all";
  /** As lists have it, with `createdBy` and `updatedBy`, and `me`. */
  filter?: Record<string, unknown>;
}

export interface RoleView {
  key: string;
  name: string;
  grants: {
    permission: string;
    on: { inbox: string[]; team: string[]; operation: string[]; blueprint: string[] };
    records: "own" | "team" | "all";
  }[];
  /** By the keys of blueprints. */
  limits: Record<string, RoleLimit>;
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
