/** ORDER_KINDS are all that an agent can be asked to do; each runs a fixed program on the instance. */
export const ORDER_KINDS = ['status', 'restart', 'start', 'evidence'] as const

/** OrderKind is one of them. */
export type OrderKind = (typeof ORDER_KINDS)[number]

/** ORDER_HEADER is the header of the answer to a report that carries an order. */
export const ORDER_HEADER = 'watchfloor-order'

/** ORDER_LIFE_MS is how long an order waits for a report before it is void. */
export const ORDER_LIFE_MS = 120_000

/** PROGRAM_NAME is the form of a supervised program's name; it can never be taken for an option. */
export const PROGRAM_NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/

/** INSTANCE_ID is the form of an instance's id in an order. */
export const INSTANCE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Order is what an agent is asked; `name` is the program, or `-` for none. */
export type Order = {
  readonly id: string
  readonly seq: number
  readonly instanceId: string
  readonly kind: OrderKind
  readonly name: string
  /** nonce is 32 hex digits. */
  readonly nonce: string
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** ordersKeyPlace is what a sealed key of orders is bound to. */
export function ordersKeyPlace(instanceId: string): string {
  return `agent_token|${instanceId}|orders_key`
}

/** orderText is the text that is signed, in one line; the agent takes no other form. */
export function orderText(order: Order): string {
  const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)
  return [
    'v=1',
    `id=${order.id}`,
    `seq=${order.seq}`,
    `instance=${order.instanceId}`,
    `kind=${order.kind}`,
    `name=${order.name}`,
    `nonce=${order.nonce}`,
    `issued=${seconds(order.issuedAt)}`,
    `expires=${seconds(order.expiresAt)}`,
  ].join(' ')
}

/** OrderResult is what the agent told of an order; its output is redacted there and again here. */
export type OrderResult = {
  readonly outcome: 'done' | 'failed' | 'refused' | 'interrupted'
  readonly exitCode?: number
  readonly why?: string
  /** startedAt and endedAt are the instance's own clock. */
  readonly startedAt: string
  readonly endedAt: string
  readonly output: readonly string[]
  readonly truncated: boolean
}

/** OrdersTold is what a report says about orders: what the instance allows, and the last that it took. */
export type OrdersTold = {
  readonly sequence: number
  readonly last: number
  readonly allow: readonly OrderKind[]
  readonly services: readonly string[]
}

/** ORDER_OUTPUT_LINES and ORDER_LINE_CHARS bound what is kept of a result. */
export const ORDER_OUTPUT_LINES = 200
export const ORDER_LINE_CHARS = 300

const OUTCOMES = ['done', 'failed', 'refused', 'interrupted'] as const

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}

function textsOf(value: unknown, max: number): string[] {
  if (!Array.isArray(value)) return []
  return value.filter((one): one is string => typeof one === 'string').slice(0, max)
}

/** ordersTold reads what a report says about orders; undefined when the instance takes none. */
export function ordersTold(report: unknown): OrdersTold | undefined {
  const { sequence, orders } = fieldsOf(report)
  const { last, allow, services } = fieldsOf(orders)
  if (!isCount(sequence) || !isCount(last)) return undefined
  const words = textsOf(allow, 20)
  return {
    sequence,
    last,
    allow: ORDER_KINDS.filter((kind) => words.includes(kind)),
    services: textsOf(services, 100).filter((name) => PROGRAM_NAME.test(name)),
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** resultTold reads the result of an order out of a report; undefined when there is none that fits. */
export function resultTold(
  report: unknown,
): { readonly id: string; readonly result: OrderResult } | undefined {
  const told = fieldsOf(fieldsOf(report).order)
  const outcome = OUTCOMES.find((one) => one === told.outcome)
  if (!outcome || typeof told.id !== 'string' || !/^[0-9a-f-]{36}$/.test(told.id)) return undefined
  const text = (value: unknown, max: number): string => (typeof value === 'string' ? value.slice(0, max) : '')
  const lines = textsOf(told.output, ORDER_OUTPUT_LINES)
  return {
    id: told.id,
    result: {
      outcome,
      ...(Number.isSafeInteger(told.exitCode) ? { exitCode: Number(told.exitCode) } : {}),
      ...(typeof told.why === 'string' ? { why: told.why.slice(0, 200) } : {}),
      startedAt: text(told.startedAt, 40),
      endedAt: text(told.endedAt, 40),
      output: lines.map((line) => line.slice(0, ORDER_LINE_CHARS)),
      truncated: told.truncated === true || (Array.isArray(told.output) && lines.length < told.output.length),
    },
  }
}
