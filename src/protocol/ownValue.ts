/** What stands there under a name, and nothing of a prototype: people name what they ask for, and may call it "constructor". */
export function ownValue<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
