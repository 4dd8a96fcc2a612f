import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { keyedHex, sameSecret } from '../platform/crypto'
import { type EmergencyEntry, type EmergencyIds, emergencyEntry } from './emergency'
import { publicIdOf } from './store'

const signed = z.strictObject({ entry: emergencyEntry, signature: z.string() })

function folderOf(statusDir: string): string {
  return join(statusDir, 'private', 'emergency')
}

function signatureOf(entry: EmergencyEntry, key: string): string {
  return keyedHex(key, `status-emergency\n${canonicalize(entry) ?? ''}`)
}

/** idsOf gives the public ids of an entry. */
export function idsOf(entry: EmergencyEntry): EmergencyIds {
  return {
    incidentId: entry.incident ?? publicIdOf(`emergency|${entry.id}`),
    updateId: publicIdOf(`emergency-update|${entry.id}`),
  }
}

/** keepEntry writes a signed entry for the console to take in later; gives its path. */
export async function keepEntry(
  statusDir: string,
  { entry, key }: { readonly entry: EmergencyEntry; readonly key: string },
): Promise<string> {
  const folder = folderOf(statusDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${entry.id}.json`)
  const body = JSON.stringify({ entry, signature: signatureOf(entry, key) }, null, 1)
  await writeFile(`${path}.new`, `${body}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return path
}

/** WaitingEntry is an entry that the console has not taken in: as it is, or why it can’t be taken. */
export type WaitingEntry =
  | { readonly path: string; readonly entry: EmergencyEntry }
  | { readonly path: string; readonly refused: string }

/** waitingEntries reads what was written without the console, oldest first; whatever is not signed by our key is refused. */
export async function waitingEntries(statusDir: string, key: string): Promise<readonly WaitingEntry[]> {
  const folder = folderOf(statusDir)
  const names = await readdir(folder).catch(() => [] as string[])
  const found: WaitingEntry[] = []
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const path = join(folder, name)
    found.push({ path, ...readEntry(await readFile(path, 'utf8').catch(() => ''), key) })
  }
  return found.sort((a, b) => timeOf(a) - timeOf(b))
}

function timeOf(one: WaitingEntry): number {
  return 'entry' in one ? Date.parse(one.entry.at) : 0
}

function readEntry(
  text: string,
  key: string,
): { readonly entry: EmergencyEntry } | { readonly refused: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { refused: 'it is not JSON' }
  }
  const read = signed.safeParse(parsed)
  if (!read.success) return { refused: 'it is not an emergency entry' }
  const { entry, signature } = read.data
  if (!sameSecret(signature, signatureOf(entry, key))) return { refused: 'its signature does not fit' }
  return { entry }
}

/** putAside takes an entry out of the waiting ones: `taken`, or `refused`. */
export async function putAside(path: string, as: 'taken' | 'refused'): Promise<void> {
  await rename(path, `${path}.${as}`)
}
