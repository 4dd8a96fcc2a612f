import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { CopyTarget } from './copy-dispatch'

/** folderTarget writes copies into a folder, each file whole or not at all; any web server may serve it. */
export function folderTarget(options: {
  readonly id: string
  readonly name: string
  readonly folder: string
}): CopyTarget {
  const { folder } = options
  const placeOf = (path: string): string => {
    const place = normalize(join(folder, path))
    if (!place.startsWith(normalize(folder))) throw new Error(`${path} lies outside the folder`)
    return place
  }
  return {
    id: options.id,
    name: options.name,
    put: async ({ path, body }) => {
      const place = placeOf(path)
      await mkdir(dirname(place), { recursive: true })
      await writeFile(`${place}.new`, body)
      await rename(`${place}.new`, place)
    },
    get: (path) => readFile(placeOf(path), 'utf8').catch(() => undefined),
    remove: (path) => rm(placeOf(path), { force: true }),
  }
}
