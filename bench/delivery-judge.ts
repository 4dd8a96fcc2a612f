import type { Received } from '../simulator/outside/outside'

/** Sent is one message as the database holds it in the end. */
export type Sent = {
  readonly id: string
  readonly kind: string
  readonly step: string
  readonly state: string
  readonly isCovered: boolean
  /** incident is the dedup key of its alert, for a pager. */
  readonly incident: string
}

/** Judged is what the outside has against what the database says; `lost` and `doubled` name messages. */
export type Judged = {
  readonly messages: number
  readonly delivered: number
  readonly asked: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  /** repeats were sent again to targets that tell repeats apart, and counted once there. */
  readonly repeats: number
}

/** judge compares each message with the ledger of the outside: on targets that can be listed, once, no more and no less. */
export function judge(sent: readonly Sent[], received: readonly Received[]): Judged {
  const counts = new Map<string, number>()
  for (const { target, what, mark } of received) {
    const key = `${target}|${what}|${mark}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const of = (target: string, what: string, mark: string): number =>
    counts.get(`${target}|${what}|${mark}`) ?? 0
  const lost: string[] = []
  const doubled: string[] = []
  for (const row of sent) {
    const name = `${row.kind} ${row.step} ${row.id} ${row.state}`
    if (row.state !== 'delivered' && row.state !== 'needs-person') lost.push(name)
    const arrivals = arrivalsOf(row, of)
    if (arrivals === undefined) continue
    if (row.state === 'delivered' && !row.isCovered && arrivals.least < 1) lost.push(name)
    if (arrivals.most > 1) doubled.push(name)
  }
  return {
    messages: sent.length,
    delivered: sent.filter(({ state }) => state === 'delivered').length,
    asked: sent.filter(({ state }) => state === 'needs-person').length,
    lost,
    doubled,
    repeats: received.filter(({ what }) => what === 'repeat' || what === 'grouped').length,
  }
}

type Arrivals = { readonly least: number; readonly most: number }

function arrivalsOf(
  { kind, step, id, incident }: Sent,
  of: (target: string, what: string, mark: string) => number,
): Arrivals | undefined {
  const once = (count: number): Arrivals => ({ least: count, most: count })
  if (kind === 'slack-bot') {
    const posted = of('slack', 'chat.postMessage', id)
    // An edit may be repeated; a card that is posted may not.
    return { least: posted + (step === 'card' ? of('slack', 'chat.update', id) : 0), most: posted }
  }
  if (kind === 'statuspage')
    return once(of('statuspage-manage', 'create', id) + of('statuspage-manage', 'update', id))
  if (kind === 'webhook') return once(of('receiver', 'event', id))
  if (kind === 'pagerduty' && step === 'post') return once(of('pagerduty', 'alert', incident))
  if (kind === 'pagerduty') return { least: of('pagerduty', 'resolve', incident), most: 0 }
  return undefined
}
