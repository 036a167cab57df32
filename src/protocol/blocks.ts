/** What may stand beside a message's text. The text is complete without it; a reader passes over a block it doesn't know. */
export type Block = ButtonsBlock | TableBlock | FieldsBlock | ActionBlock;

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

/** On a visitor's message: the button that was pressed. */
export interface ActionBlock {
  type: "action";
  action: string;
  value?: string;
}
