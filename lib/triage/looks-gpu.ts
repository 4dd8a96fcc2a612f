import { isInService } from '../health/rules/in-service'
import { sourceOf } from '../health/rules/plane-row'
import { countLook, noLook, whyOfSource } from './look'
import type { Looks, Subject } from './model'
import type { Sight } from './sight'

type Rule = { readonly name: string; readonly codes: readonly string[]; readonly xids: readonly number[] }

const RULES: readonly Rule[] = [
  { name: 'gpus.fell-off-bus', codes: ['gpu.fell-off-bus'], xids: [79] },
  { name: 'gpus.ecc', codes: ['gpu.ecc-uncorrectable'], xids: [48, 94, 95, 140] },
  { name: 'gpus.row-remap', codes: ['gpu.row-remap'], xids: [63, 64] },
  { name: 'gpus.nvlink', codes: ['gpu.nvlink'], xids: [74] },
  { name: 'gpus.hot', codes: ['gpu.thermal'], xids: [] },
  { name: 'gpus.driver', codes: ['gpu.driver'], xids: [119, 120, 143] },
  { name: 'gpus.application', codes: ['gpu.application-fault'], xids: [13, 31, 43, 45] },
]

/** gpuLooks count cards by fault in one pass; a card that is not read, or whose latched code has no date, is hidden and not well. */
export function gpuLooks({ rated, nowMs }: Sight): Looks {
  const names = [...RULES.map(({ name }) => name), 'gpus.remap-failed']
  if (rated.gpus.size === 0) {
    const source = sourceOf(rated.world, 'dcgm', 'vast')
    return Object.fromEntries(
      names.map((name) => [name, noLook(name, whyOfSource(source), source?.detail ?? '')]),
    )
  }
  const yes = new Map<string, Subject[]>(names.map((name) => [name, []]))
  const hidden = new Map<string, Subject[]>(names.map((name) => [name, []]))
  let inService = 0
  for (const [key, verdict] of rated.gpus) {
    if (!isInService(verdict)) continue
    inService += 1
    const subject = `gpu:${key}`
    const gpu = rated.world.gpus.get(key)
    const xid = gpu?.xid.kind === 'known' ? gpu.xid.value : undefined
    for (const { name, codes, xids } of RULES) {
      if (codes.includes(verdict.code)) yes.get(name)?.push(subject)
      else if (isUnjudged(verdict, xid, xids)) hidden.get(name)?.push(subject)
    }
    const failed = verdict.code === 'gpu.row-remap' && verdict.rating === 'breach'
    if (failed) yes.get('gpus.remap-failed')?.push(subject)
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      countLook(name, { yes: yes.get(name) ?? [], hidden: hidden.get(name) ?? [], of: inService }, nowMs),
    ]),
  )
}

function isUnjudged(
  verdict: { readonly rating: string; readonly code: string },
  xid: number | undefined,
  xids: readonly number[],
): boolean {
  if (verdict.rating === 'unknown' || verdict.rating === 'stale') return !verdict.code.startsWith('instance.')
  return verdict.code === 'xid.latched' && xid !== undefined && xids.includes(xid)
}
