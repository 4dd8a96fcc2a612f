import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Console } from './console'
import type { Env } from './platform/env'
import { createHttp } from './platform/http'
import { rememberSecret } from './platform/redact'
import { sqlOf } from './platform/sql'
import { ruleFor } from './platform/ssrf'
import { bucketTarget } from './status/bucket-dispatch'
import type { CopyTarget } from './status/copy-dispatch'
import {
  bucketConfig,
  type ExportPlace,
  loadExports,
  sealPlaceOf,
  setEnvironmentBucket,
} from './status/export-load'
import { folderTarget } from './status/folder-dispatch'

/** Targets are the places for copies that are on, and how to let go of them. */
export type Targets = {
  readonly targets: readonly CopyTarget[]
  readonly broken: readonly { readonly id: string; readonly why: string }[]
  readonly close: () => Promise<void>
}

/** publicFolder is where the worker’s own copy lies: a web server may serve it as it is. */
export function publicFolder(statusDir: string): string {
  return join(statusDir, 'public')
}

const ENVIRONMENT_BUCKET = 'environment'

function bucketOfEnvironment(env: Env): { readonly config: object; readonly secret: string } | undefined {
  const { WATCHFLOOR_STATUS_S3_ENDPOINT: endpoint, WATCHFLOOR_STATUS_S3_BUCKET: bucket } = env
  const { WATCHFLOOR_STATUS_S3_KEY_ID: accessKeyId, WATCHFLOOR_STATUS_S3_SECRET: secret } = env
  if (!endpoint || !bucket || !accessKeyId || !secret) return undefined
  const config = {
    endpoint,
    bucket,
    accessKeyId,
    region: env.WATCHFLOOR_STATUS_S3_REGION,
    prefix: env.WATCHFLOOR_STATUS_S3_PREFIX ?? '',
  }
  return { config: bucketConfig.parse(config), secret }
}

/** connectStatus opens the places for copies as they are configured now, and keeps their sealed list for the emergency command. */
export async function connectStatus(app: Console): Promise<Targets> {
  const own = bucketOfEnvironment(app.env)
  const sealed = own ? app.seal.seal(own.secret, sealPlaceOf(ENVIRONMENT_BUCKET)) : undefined
  await setEnvironmentBucket(sqlOf(app.hot), own && sealed ? { config: own.config, sealed } : undefined)
  const places = (await loadExports(sqlOf(app.hot))).filter(({ isOn }) => isOn)
  await keepPlaces(app.env, places)
  return openTargets(places, { seal: app.seal, clock: app.clock, statusDir: app.env.WATCHFLOOR_STATUS_DIR })
}

const keptPlaces = z.array(
  z.object({
    id: z.string(),
    kind: z.enum(['folder', 's3']),
    name: z.string(),
    config: z.unknown(),
    sealed: z.string().nullable(),
  }),
)

/** keptTargets are the places that the worker knew last, for when the database is down; the folder alone where it knew none. */
export async function keptTargets(
  app: Pick<Console, 'seal' | 'clock'> & { readonly statusDir: string },
): Promise<Targets> {
  const folder = [{ id: 'folder', kind: 'folder' as const, name: 'Folder', config: {}, sealed: null }]
  const text = await readFile(join(app.statusDir, 'private', 'targets.json'), 'utf8').catch(() => undefined)
  const places = text === undefined ? undefined : keptPlaces.safeParse(JSON.parse(text)).data
  return openTargets(places ?? folder, app)
}

async function keepPlaces(env: Env, places: readonly ExportPlace[]): Promise<void> {
  const folder = join(env.WATCHFLOOR_STATUS_DIR, 'private')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'targets.json')
  const kept = places.map(({ id, kind, name, config, sealed }) => ({ id, kind, name, config, sealed }))
  await writeFile(`${path}.new`, JSON.stringify(kept), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** openTargets makes the targets of these places; one whose secret can’t be opened is told, and stops no other. */
export function openTargets(
  places: readonly Pick<ExportPlace, 'id' | 'kind' | 'name' | 'config' | 'sealed'>[],
  app: Pick<Console, 'seal' | 'clock'> & { readonly statusDir: string },
): Targets {
  const targets: CopyTarget[] = []
  const broken: { id: string; why: string }[] = []
  const buckets = places.flatMap((place) => {
    const config = place.kind === 's3' ? bucketConfig.safeParse(place.config).data : undefined
    return config ? [{ place, config }] : []
  })
  const http = createHttp({ allow: buckets.map(({ config }) => ruleFor(config.endpoint)), clock: app.clock })
  for (const { id, name } of places.filter(({ kind }) => kind === 'folder'))
    targets.push(folderTarget({ id, name, folder: publicFolder(app.statusDir) }))
  for (const { place, config } of buckets) {
    try {
      const secretAccessKey = app.seal.open(place.sealed ?? '', sealPlaceOf(place.id))
      rememberSecret(secretAccessKey)
      targets.push(
        bucketTarget({
          id: place.id,
          name: place.name,
          address: { ...config, secretAccessKey },
          http,
          now: () => app.clock.now(),
        }),
      )
    } catch {
      broken.push({ id: place.id, why: 'Its secret can’t be opened with the present key. Enter it again.' })
    }
  }
  return { targets, broken, close: () => http.close() }
}
