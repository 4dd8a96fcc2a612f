/** EDITABLE_FOLDERS hold what may be edited in the browser; everything else is changed in the files. */
export const EDITABLE_FOLDERS: ReadonlySet<string> = new Set(['triage'])

/** TEXT_LIMIT is the longest text that may be proposed, in characters. */
export const TEXT_LIMIT = 50_000

/** slugOf is a runbook's place in an address: its path without ending. */
export function slugOf(path: string): string {
  return path.replace(/\.ya?ml$/, '')
}

/** isEditable tells whether a path may be edited in the browser. */
export function isEditable(path: string): boolean {
  const [folder = '', name, more] = path.split('/')
  return EDITABLE_FOLDERS.has(folder) && name !== undefined && more === undefined
}

/** plainText is a text as it is kept: LF line ends, one at the end, nothing that the database refuses. */
export function plainText(text: string): string {
  const clean = text
    .replaceAll('\r\n', '\n')
    .replaceAll('\u0000', '\uFFFD')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/\s+$/, '')
  return `${clean}\n`
}

/** runbookDraftKey is the key under which somebody's draft of a runbook is kept. */
export function runbookDraftKey(path: string): string {
  return `runbook:${slugOf(path)}`
}
