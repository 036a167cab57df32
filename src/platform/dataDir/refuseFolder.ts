import { Refusal } from "../../protocol/refusal.ts";

const problems: Record<string, string> = {
  EACCES: "can't be written to",
  EPERM: "can't be written to",
  EROFS: "is on a read-only disk",
  ENOSPC: "is on a full disk",
  EDQUOT: "is on a full disk",
  ENOTDIR: "is not a folder",
  ENOENT: "can't be made", // what Node says of a read-only disk
  EEXIST: "is not a folder",
};

/** For `catch`: the Refusal `unavailable`, one sentence for the operator, when files can't be made in DATA_DIR; else the error as it is. */
export function refuseFolder(folder: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
    const problem = problems[code];
    if (problem === undefined) throw error;
    throw new Refusal("unavailable", `DATA_DIR (${folder}) ${problem}; correct that, or set DATA_DIR to another folder.`, { cause: error });
  };
}
