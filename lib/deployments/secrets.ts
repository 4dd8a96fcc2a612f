/** SecretRow is the metadata of a secret; its value is nowhere here. */
export type SecretRow = {
  readonly rotatedAtMs: number
  readonly everyDays: number
  readonly state: 'current' | 'rotating' | 'consumers_updated'
  readonly dualUntilMs: number | undefined
  readonly consumers: readonly { readonly name: string; readonly restartedAtMs?: number | undefined }[]
}

/** SecretStanding is how a secret's rotation stands now. */
export type SecretStanding = 'current' | 'due_soon' | 'overdue' | 'rotating' | 'consumers_updated'

/** SECRET_WORDS is how a standing is said. */
export const SECRET_WORDS: Readonly<Record<SecretStanding, string>> = {
  current: 'current',
  due_soon: 'due within two weeks',
  overdue: 'overdue',
  rotating: 'rotating: both values are good',
  consumers_updated: 'every consumer has the new one: remove the old',
}

const DAY_MS = 86_400_000
const SOON_DAYS = 14

/** dueAtMs is when a secret is to be rotated again. */
export function dueAtMs({ rotatedAtMs, everyDays }: Pick<SecretRow, 'rotatedAtMs' | 'everyDays'>): number {
  return rotatedAtMs + everyDays * DAY_MS
}

/** secretStanding says how a rotation stands; rules D-SEC. */
export function secretStanding(row: SecretRow, nowMs: number): SecretStanding {
  if (row.state !== 'current') return row.state
  const due = dueAtMs(row)
  if (nowMs >= due) return 'overdue'
  return nowMs >= due - SOON_DAYS * DAY_MS ? 'due_soon' : 'current'
}

/** RotateStep is one step of a rotation. */
export type RotateStep =
  | { readonly step: 'begin'; readonly dualHours: number }
  | { readonly step: 'restarted'; readonly consumer: string }
  | { readonly step: 'finish' }

/** Rotated is a secret after a step, or why the step may not be. */
export type Rotated =
  | { readonly ok: true; readonly row: SecretRow }
  | { readonly ok: false; readonly why: string }

/** rotated does one step: new value set, each consumer restarted while both are good, then the old one removed. Rules D-SEC-2 to 4. */
export function rotated(row: SecretRow, step: RotateStep, nowMs: number): Rotated {
  switch (step.step) {
    case 'begin':
      if (row.state !== 'current') return { ok: false, why: 'It is being rotated already.' }
      return {
        ok: true,
        row: {
          ...row,
          state: row.consumers.length === 0 ? 'consumers_updated' : 'rotating',
          dualUntilMs: nowMs + step.dualHours * 3_600_000,
          consumers: row.consumers.map(({ name }) => ({ name })),
        },
      }
    case 'restarted': {
      if (row.state !== 'rotating') return { ok: false, why: 'Nothing is being rotated.' }
      if (!row.consumers.some(({ name }) => name === step.consumer))
        return { ok: false, why: `${step.consumer} is no consumer of it.` }
      const consumers = row.consumers.map((it) =>
        it.name === step.consumer ? { ...it, restartedAtMs: nowMs } : it,
      )
      const isDone = consumers.every(({ restartedAtMs }) => restartedAtMs !== undefined)
      return { ok: true, row: { ...row, consumers, state: isDone ? 'consumers_updated' : 'rotating' } }
    }
    case 'finish':
      if (row.state !== 'consumers_updated')
        return { ok: false, why: 'The old one is removed when every consumer has the new one.' }
      return { ok: true, row: { ...row, state: 'current', rotatedAtMs: nowMs, dualUntilMs: undefined } }
  }
}
