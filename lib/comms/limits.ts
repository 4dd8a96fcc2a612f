/** LimitFault is one text that is too long for its place in a channel, in characters as the channel counts them. */
export type LimitFault = { readonly where: string; readonly length: number; readonly max: number }

/** tooLong gives the fault when a text is longer than its place. */
export function tooLong(where: string, text: string, max: number): readonly LimitFault[] {
  return text.length > max ? [{ where, length: text.length, max }] : []
}

/** limitText says a fault with the number of characters. */
export function limitText({ where, length, max }: LimitFault): string {
  return `${where}: ${length} characters, ${length - max} more than the ${max} that fit`
}
