/** What is said around the blocks, in the reader's language. */
export interface BlockWords {
  table(columns: string[]): string;
  chart(title: string): string;
  truncated: string;
  optional: string;
  choose: string;
  submit: string;
  answered: string;
  opensElsewhere: string;
  required: string;
  notText: string;
  notEmail: string;
  notNumber: string;
  notDate: string;
  notChoice: string;
  tooLong(limit: number, length: number): string;
}
