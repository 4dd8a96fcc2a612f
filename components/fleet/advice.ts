import type { Verdict } from '@/lib/health/model'
import { GPU_VERDICTS, thermalVerdict } from '@/lib/health/rules/gpu-verdicts'
import { xidVerdict } from '@/lib/health/rules/gpu-xid'
import { INSTANCE_VERDICTS } from '@/lib/health/rules/instance-verdicts'

/** adviceFor gives the advised next step of a finding by its code and reason; undefined when nothing is advised. */
export function adviceFor(finding: Pick<Verdict, 'rating' | 'code' | 'reason'>): string | undefined {
  const xid = /^XID (\d+)/.exec(finding.reason)?.[1]
  if (xid) return xidAdvice(Number(xid), finding.reason)
  if (finding.code === 'gpu.thermal' && (finding.rating === 'warning' || finding.rating === 'breach')) {
    const look = { level: 2, limit: '', assumed: false } as Parameters<typeof thermalVerdict>[0]
    return exact(finding)?.action ?? thermalVerdict(look, finding.rating).action
  }
  return (exact(finding) ?? ALL.find((one) => one.code === finding.code && one.action))?.action
}

const ALL: readonly Verdict[] = [...Object.values(GPU_VERDICTS), ...Object.values(INSTANCE_VERDICTS)]

function exact(finding: Pick<Verdict, 'code' | 'reason'>): Verdict | undefined {
  return ALL.find((verdict) => verdict.code === finding.code && verdict.reason === finding.reason)
}

/** A latched code (there at our first look) is advised on differently from one that was seen to come. */
function xidAdvice(code: number, reason: string): string | undefined {
  const isLatched = reason.includes('first look')
  return xidVerdict({
    code,
    appearedAt: isLatched ? undefined : 1,
    watchedSince: 1,
    nowMs: 1,
    freshMs: 1,
  })?.action
}
