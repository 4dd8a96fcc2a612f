/** EntryLine is an entry of the record as a bundle holds it. */
export type EntryLine = {
  readonly seq: number
  readonly kind: string
  readonly source: string
  readonly by: string
  readonly occurredAt: string
  readonly receivedAt: string
  readonly claimedAt: string | null
  readonly body: Readonly<Record<string, unknown>>
}

/** markdownOf writes a record for people, oldest first: when, from where, who, what. */
export function markdownOf(name: string, title: string, entries: readonly EntryLine[]): string {
  const lines = entries.map(({ seq, kind, source, by, occurredAt, receivedAt, claimedAt, body }) => {
    const late = claimedAt === null ? '' : ` (received ${receivedAt}, claimed ${oneLine(claimedAt)})`
    return `| ${seq} | ${occurredAt}${late} | ${source} | ${cell(by)} | ${kind} | ${cell(wordsOf(body))} |`
  })
  return [
    `# Record of ${name}`,
    '',
    oneLine(title),
    '',
    '| # | when | source | by | kind | what |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|')
}

/** wordsOf says the body of an entry in one line: its values by name, a lone text bare. */
export function wordsOf(body: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(body).filter(
    ([, value]) => value !== '' && value !== null && value !== undefined,
  )
  const [only] = told
  if (told.length === 1 && only && typeof only[1] === 'string') return only[1]
  return told
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' · ')
}
