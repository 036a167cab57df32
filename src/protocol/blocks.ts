/** What may stand beside a message's text. The text is complete without it; a reader passes over a block it doesn't know. */
export type Block = ButtonsBlock | TableBlock | FieldsBlock | FileBlock | ActionBlock;

export interface ButtonsBlock {
  type: "buttons";
  buttons: { action: string; label: string; value?: string; style?: "primary" | "plain" | "danger" }[];
}

export interface TableBlock {
  type: "table";
  columns: { name: string; type: string }[];
  rows: string[][];
  truncated: boolean;
}

export interface FieldsBlock {
  type: "fields";
  fields: { label: string; value: string }[];
}

/** Something attached. Where it has a preview it is a picture that can be looked at; anything else is only downloaded or played. */
export interface FileBlock {
  type: "file";
  id: string;
  name: string;
  /** As the content says. */
  mediaType: string;
  /** In bytes. */
  size: number;
  /** In the ledger a path; whoever is shown the message gets it complete, signed, for some hours. */
  url: string;
  previewUrl?: string;
  /** In pixels. */
  width?: number;
  height?: number;
}

/** On a visitor's message: the button that was pressed. */
export interface ActionBlock {
  type: "action";
  action: string;
  value?: string;
}
