import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecorded, parseRecorded, type Recorded } from './recorded'
import { parseStory, type Story } from './story'

/** Shelved is one scenario file: a story to play, or a real incident to replay. */
export type Shelved =
  | { readonly kind: 'story'; readonly file: string; readonly text: string; readonly story: Story }
  | { readonly kind: 'recorded'; readonly file: string; readonly text: string; readonly recorded: Recorded }

/** Shelf is what lies below `scenarios` of the runbooks, in the order of the files; files with faults are named. */
export type Shelf = { readonly scenarios: readonly Shelved[]; readonly faults: readonly string[] }

const LIMIT_CHARS = 5_000_000

/** loadShelf reads every scenario that states a truth, and every recorded incident. */
export async function loadShelf(runbooksDir: string): Promise<Shelf> {
  const dir = join(runbooksDir, 'scenarios')
  const names = await readdir(dir, { recursive: true }).catch(() => [])
  const scenarios: Shelved[] = []
  const faults: string[] = []
  for (const file of names.filter((name) => /\.ya?ml$/.test(name)).sort()) {
    const text = await readFile(join(dir, file), 'utf8').catch(() => '')
    if (text === '' || text.length > LIMIT_CHARS) continue
    const read = isRecorded(text) ? parseRecorded(text, file) : parseStory(text, file)
    if (!read.ok) {
      const [first] = read.problems
      if (first) faults.push(`${first.file}:${first.line}:${first.column}: ${first.reason}`)
    } else if ('moments' in read.value) {
      scenarios.push({ kind: 'recorded', file, text, recorded: read.value })
    } else if (read.value.truth.length > 0) {
      scenarios.push({ kind: 'story', file, text, story: read.value })
    }
  }
  return { scenarios, faults }
}
