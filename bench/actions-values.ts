import { createHook } from 'node:async_hooks'
import type { Actuators, AnyExecutor, Plan } from '../lib/actions/executor'
import { checkParams, type Option } from '../lib/actions/params'
import type { ActionRule } from '../lib/actions/policy'

/** ValuesJudged is what became of hostile values: refused before anything was asked, or sent byte for byte as they should be. */
export type ValuesJudged = {
  readonly tried: number
  readonly refused: number
  readonly planned: number
  /** wrong are requests that are not byte for byte what the value means, with the value that made them. */
  readonly wrong: readonly string[]
  readonly thrown: readonly string[]
  readonly children: number
}

const PIECES = [
  ';id',
  '$(id)',
  '`id`',
  '|sh',
  '&&reboot',
  '>/etc/passwd',
  '\n',
  '\r\n',
  '\t',
  '\0',
  "'",
  '"',
  '\\',
  '../',
  '%2e%2e%2f',
  '{{7*7}}',
  '$' + '{jndi:x}',
  '--',
  '-o',
  '=',
  ',',
  '#',
  '?',
  '&',
  '*',
  '~',
  '!',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\ud800',
  'é',
  '名',
  '🙂',
  '𝟙',
  '１',
  'null',
  'undefined',
  'NaN',
  'true',
  '1e3',
  '0x1f',
  ' 1',
  '1 ',
  '+1',
  '-1',
  '01',
  '1.0',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'x'.repeat(300),
  'a'.repeat(8_000),
  ' ',
] as const

/** random gives a repeatable stream of numbers below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** hostileValue makes one value out of a good one: pieces put into it, other types, or now and then the good one itself. */
function hostileValue(good: string, draw: () => number): unknown {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(draw() * list.length)]
  const strange: readonly unknown[] = [null, undefined, true, [], [good], {}, { toString: good }]
  const kind = draw()
  if (kind < 0.06) return good
  if (kind < 0.1) return pick([Number(good), 0, -1, 1.5, Number.NaN, Infinity, 2 ** 53, 1e21])
  if (kind < 0.14) return pick(strange)
  const piece = pick(PIECES) ?? ''
  if (kind < 0.2) return piece
  const at = Math.floor(draw() * (good.length + 1))
  return `${good.slice(0, at)}${piece}${kind < 0.4 ? (pick(PIECES) ?? '') : ''}${good.slice(at)}`
}

/** ValuesTarget is one action with its executor, good values, and the requests that given values mean. */
export type ValuesTarget = {
  readonly rule: ActionRule
  readonly executor: AnyExecutor
  readonly good: Readonly<Record<string, string>>
  readonly allowed: (name: string) => readonly Option[]
  /** means gives the steps, byte for byte, that these accepted values stand for. */
  readonly means: (values: Readonly<Record<string, unknown>>) => Plan['steps']
}

/** judgeValues tries hostile values in every parameter of every target, and counts processes that were started meanwhile. */
export async function judgeValues(targets: readonly ValuesTarget[], count: number): Promise<ValuesJudged> {
  const draw = random(20261121)
  const wrong: string[] = []
  const thrown: string[] = []
  let refused = 0
  let planned = 0
  let children = 0
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROCESSWRAP') children += 1
    },
  }).enable()
  for (let tried = 0; tried < count; tried += 1) {
    const target = targets[tried % targets.length]
    if (!target) break
    const names = Object.keys(target.good)
    const name = names[Math.floor(draw() * names.length)] ?? ''
    const values: Record<string, unknown> = { ...target.good }
    const value = hostileValue(target.good[name] ?? '', draw)
    if (draw() < 0.05) values[hostileText(value)] = target.good[name]
    else values[name] = value
    try {
      const plans = await plansOf(target, values)
      if (plans.length === 0) {
        refused += 1
        continue
      }
      planned += 1
      const meant = bytesOf(target.means(values))
      if (plans.some((plan) => bytesOf(plan.steps) !== meant))
        wrong.push(`${target.rule.id} ${JSON.stringify(values)}`)
    } catch (error) {
      thrown.push(`${target.rule.id} ${JSON.stringify(values)}: ${String(error)}`)
    }
  }
  hook.disable()
  return { tried: count, refused, planned, wrong, thrown, children }
}

function hostileText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '__proto__')
}

/** Both ways in: through the action's own list, and at the executor alone, which must hold without it. */
async function plansOf(
  { rule, executor, allowed }: ValuesTarget,
  values: Readonly<Record<string, unknown>>,
): Promise<readonly Plan[]> {
  const checked = checkParams(rule, values, allowed)
  const bare = executor.parse({ ...rule.fixed, ...values })
  const ways = [...(checked.ok ? [checked.params] : []), ...(bare.ok ? [bare.params] : [])]
  const answers = await Promise.all(ways.map((params) => executor.plan(params, { runId: RUN })))
  return answers.flatMap((answer) => (answer.kind === 'plan' ? [answer.plan] : []))
}

/** RUN is the mark of every plan that is made here. */
export const RUN = 'run-bench-0001'

/** A restart carries the time at which it was planned: it is the one part that differs from plan to plan. */
function bytesOf(steps: Plan['steps']): string {
  return JSON.stringify(steps).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
}

/** executorIn finds an executor; throws when it is not connected. */
export function executorIn(actuators: Actuators, id: string): AnyExecutor {
  const found = actuators.find(id)
  if (!found) throw new Error(`${id} is not connected`)
  return found
}
