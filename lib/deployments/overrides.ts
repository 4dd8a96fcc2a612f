/** Override is one rule-breaking as it is judged: what it names, and how it stands. */
export type Override = {
  readonly id: string
  readonly ruleIds: readonly string[]
  readonly state: 'requested' | 'active' | 'void' | 'consumed' | 'closed'
  readonly askedById: string
  readonly askedAtMs: number
  readonly expiresAtMs: number | undefined
}

const NEVER = ['image', 'rollback.exists', 'baseline', 'plan', 'lock', 'hold', 'stop-line', 'way-back']
const ALWAYS = ['soak', 'announced', 'no-window', 'late-start']
const PREFIXES = ['approval.', 'incident', 'freeze-']

/**
 * isWaivable says whether an override may name a rule: windows, freezes, the length of the soak, the announcement's lead
 * and one approval; never images, the way back, the lock or the switch that stops every start. Rule D-OVR-2.
 */
export function isWaivable(ruleId: string, windowRules: readonly string[]): boolean {
  if (NEVER.includes(ruleId)) return false
  if (ALWAYS.includes(ruleId) || windowRules.includes(ruleId)) return true
  return PREFIXES.some((prefix) => ruleId.startsWith(prefix))
}

/** refuseRules says what is wrong with the rules that an override names; undefined when nothing is. */
export function refuseRules(ruleIds: readonly string[], windowRules: readonly string[]): string | undefined {
  const bad = ruleIds.filter((id) => !isWaivable(id, windowRules))
  if (bad.length > 0) return `This can’t be overridden: ${bad.join(', ')}.`
  if (ruleIds.filter((id) => id.startsWith('approval.')).length > 1)
    return 'One approval may be left out, never two.'
  return undefined
}

/** activeRules are the rules that overrides of a deployment leave out at an instant. */
export function activeRules(overrides: readonly Override[], nowMs: number): ReadonlySet<string> {
  return new Set(
    overrides
      .filter((it) => it.state === 'active' && nowMs < (it.expiresAtMs ?? 0))
      .flatMap(({ ruleIds }) => ruleIds),
  )
}

/** waivedSlots are the approval slots among waived rules. */
export function waivedSlots(rules: ReadonlySet<string>): readonly string[] {
  return [...rules].flatMap((id) => (id.startsWith('approval.') ? [id.slice('approval.'.length)] : []))
}
