import { failpointText } from './env'

type Plan = { readonly nth: number; readonly effect: 'kill' | 'throw' | 'hang' }

const hits = new Map<string, number>()
let plans: ReadonlyMap<string, Plan> | undefined

function parse(text: string): ReadonlyMap<string, Plan> {
  const entries = text.split(',').filter(Boolean)
  return new Map(
    entries.map((entry) => {
      const [name = '', nth = '1', effect = 'kill'] = entry.split(':')
      const known = effect === 'throw' || effect === 'hang' ? effect : 'kill'
      return [name, { nth: Number(nth), effect: known }] as const
    }),
  )
}

/**
 * failpoint marks a place where a fault may be injected: `FAILPOINT=name:nth:kill|throw|hang` acts on the nth pass.
 * Unset, it costs one comparison.
 */
export async function failpoint(name: string): Promise<void> {
  const text = failpointText()
  if (!text) return
  plans ??= parse(text)
  const plan = plans.get(name)
  if (!plan) return
  const count = (hits.get(name) ?? 0) + 1
  hits.set(name, count)
  if (count !== plan.nth) return
  if (plan.effect === 'throw') throw new Error(`failpoint ${name}`)
  if (plan.effect === 'hang') return new Promise(() => undefined)
  process.kill(process.pid, 'SIGKILL')
}
