/** The beginning and end of an id, hash or address: enough to recognise it in a table. */
export function shorten(text: string, head = 8, tail = 6): string {
  return text.length <= head + tail + 1
    ? text
    : `${text.slice(0, head)}…${text.slice(text.length - tail)}`;
}
