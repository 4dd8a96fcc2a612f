/** Sentence is one sentence of a text with its offsets. */
export type Sentence = { readonly text: string; readonly from: number; readonly to: number }

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** proseOf gives a Markdown text of the same length in which code, quoted words and addresses are blank: only the writer's own words are judged. */
export function proseOf(body: string): string {
  return body
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n {0,3}\1[^\n]*|$)/gm, blank)
    .replace(/(`+)(?!`)[\s\S]{0,2000}?[^`]\1(?!`)/g, blank)
    .replace(/^ {0,3}>[^\n]*/gm, blank)
    .replace(/\]\([^()\s]{0,2000}\)/g, blank)
    .replace(/“[^”\n]{0,1000}”|"[^"\n]{0,1000}"/g, blank)
    .replace(/https?:\/\/\S{1,2000}/g, blank)
}

/** sentencesIn splits prose at full stops, line ends of lists, and empty lines. */
export function sentencesIn(prose: string): readonly Sentence[] {
  const found: Sentence[] = []
  let from = 0
  const end = /[.!?]+(?=\s|$)|\n\s*(?=\n|[-*+] |\d+[.)] |#|\|)/g
  for (const match of prose.matchAll(end)) {
    push(found, prose, from, match.index + match[0].length)
    from = match.index + match[0].length
  }
  push(found, prose, from, prose.length)
  return found
}

function push(found: Sentence[], prose: string, from: number, to: number): void {
  const whole = prose.slice(from, to)
  const text = whole.trim()
  if (text === '') return
  const start = from + whole.indexOf(text)
  found.push({ text, from: start, to: start + text.length })
}
