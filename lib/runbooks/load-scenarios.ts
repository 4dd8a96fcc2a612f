import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'

/** ScenarioNote is what a scenario file says of itself: title, description, and the leaves that must be found in it. */
export type ScenarioNote = {
  /** path is below the runbooks directory, e.g. `scenarios/drills/card-hot.yaml`. */
  readonly path: string
  readonly text: string
  readonly title: string
  readonly description: string
  readonly truth: readonly { readonly leaf: string; readonly may: boolean }[]
  /** problem says why the file is no YAML; whether the world can be played is the simulator's to check. */
  readonly problem: string | undefined
}

const read = new Map<string, ScenarioNote>()

/** readScenarios gives every scenario below a runbooks directory, by path; without the folder there are none. */
export async function readScenarios(dir: string): Promise<readonly ScenarioNote[]> {
  const names = await readdir(join(dir, 'scenarios'), { recursive: true }).catch(() => [])
  const files = names
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
  return Promise.all(
    files.map(async (name) => {
      const path = `scenarios/${name}`
      const text = await readFile(join(dir, path), 'utf8')
      const known = read.get(join(dir, path))
      if (known?.text === text) return known
      const note = noteOf(path, text)
      read.set(join(dir, path), note)
      return note
    }),
  )
}

function noteOf(path: string, text: string): ScenarioNote {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' })
  const error = document.errors[0]
  const found: unknown = error ? {} : document.toJS({ maxAliasCount: 100 })
  const value = found !== null && typeof found === 'object' ? (found as Record<string, unknown>) : {}
  const words = (key: string): string => (typeof value[key] === 'string' ? value[key].trim() : '')
  const truth = Array.isArray(value.truth) ? value.truth : []
  return {
    path,
    text,
    title: words('title') || path,
    description: words('description'),
    truth: truth.flatMap((one) =>
      typeof one?.leaf === 'string' ? [{ leaf: one.leaf, may: one.may === true }] : [],
    ),
    problem: error?.message,
  }
}

/** testedBy gives the leaves that scenarios must reach, each with the paths of those scenarios. */
export function testedBy(scenarios: readonly ScenarioNote[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { path, truth } of scenarios) {
    for (const { leaf, may } of truth) {
      if (may) continue
      const paths = found.get(leaf) ?? []
      if (!paths.includes(path)) paths.push(path)
      found.set(leaf, paths)
    }
  }
  return found
}
