const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** escaped makes text safe in HTML and XML, attributes included; control characters, which XML forbids, are dropped. */
export function escaped(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|\p{Cn}/gu, '')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
}

/** paragraphs writes a text as HTML: an empty line parts paragraphs, a line end stays one. */
export function paragraphs(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n{2,}/)
    .map((part) => `<p>${escaped(part).replaceAll('\n', '<br>')}</p>`)
    .join('')
}

/** clipped cuts a text after this many characters, at a word where there is one, and says so by an ellipsis. */
export function clipped(text: string, max: number): string {
  if (text.length <= max) return text
  const cut = text.slice(0, max - 1)
  const space = cut.lastIndexOf(' ')
  return `${(space > max * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`
}
