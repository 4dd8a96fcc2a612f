import { numberText } from '../promql/serialise'
import type { Instant, Reply, SimRequest } from '../reply'
import { text } from '../reply'
import type { Family, Labels } from '../series/family'
import type { Storage } from '../series/storage'

const EXPOSITION = 'text/plain; version=0.0.4; charset=utf-8'
const ADDED_BY_SCRAPE: ReadonlySet<string> = new Set(['job', 'instance'])
const SUFFIX = /_(bucket|sum|count)$/

/** The exporters' own texts; `?instance=<id>` narrows the GPU exporter to one host, as a real one is. */
export function metricsReply(storage: Storage, request: SimRequest, at: Instant): Reply {
  if (request.path === '/dcgm') {
    const host = request.query.get('instance')
    const wanted = (labels: Labels): boolean => host === null || labels.hostname === `C.${host}`
    return exposition(
      storage.families.filter((family) => family.name.startsWith('DCGM_')),
      wanted,
      at,
    )
  }
  if (request.path === '/integration')
    return exposition(
      storage.families.filter(
        ({ name }) => !name.startsWith('DCGM_') && !name.startsWith('service_') && name !== 'up',
      ),
      () => true,
      at,
    )
  if (request.path === '/services')
    return exposition(
      storage.families.filter(({ name }) => name.startsWith('service_')),
      () => true,
      at,
    )
  return text('404 page not found\n', 404)
}

function exposition(families: readonly Family[], wanted: (labels: Labels) => boolean, at: Instant): Reply {
  const lines: string[] = []
  let header = ''
  for (const family of families) {
    const rows = rowsOf(family, wanted, at.offsetMs)
    if (rows.length === 0) continue
    const name = family.type === 'histogram' ? family.name.replace(SUFFIX, '') : family.name
    if (name !== header) lines.push(`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.type}`)
    header = name
    lines.push(...rows)
  }
  return { status: 200, type: EXPOSITION, body: `${lines.join('\n')}\n` }
}

function rowsOf(family: Family, wanted: (labels: Labels) => boolean, offsetMs: number): string[] {
  const rows: string[] = []
  for (let index = 0; index < family.size; index += 1) {
    const labels = family.labels(index)
    if (!wanted(labels)) continue
    const value = family.valueAt(index, offsetMs)
    if (value !== undefined) rows.push(`${family.name}${labelText(labels)} ${numberText(value)}`)
  }
  return rows
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels)
    .filter(([label]) => !ADDED_BY_SCRAPE.has(label))
    .map(
      ([label, value]) =>
        `${label}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`,
    )
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}
