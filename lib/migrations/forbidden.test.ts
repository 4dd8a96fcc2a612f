import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { CommandInput, CommandName } from '../registry'
import { STATES, type State } from './model'
import { type Crew, crewOf, openedBy } from './testing/going'

let crew: Crew
vi.setConfig({ testTimeout: 90_000 })

beforeAll(async () => {
  crew = await crewOf()
})

afterAll(() => crew.app.close())

const reason = 'nobody may'
const subject = '0'.repeat(64)
const evidence = 'seen'
type Deed = {
  readonly name: CommandName
  readonly input: object
  readonly open: readonly State[]
  readonly words: RegExp
}
const BEFORE = STATES.slice(0, 8)
const DEEDS: readonly Deed[] = [
  {
    name: 'migrations.rollBackTraffic',
    input: { reason },
    open: ['shifting', 'awaiting-cutover'],
    words: /No traffic is shifted: it is/,
  },
  {
    name: 'migrations.abort',
    input: { reason },
    open: [...BEFORE, 'traffic-rolled-back'],
    words: /no automatic way back|given up already/,
  },
  {
    name: 'migrations.sendBack',
    input: { reason, version: 1 },
    open: ['validating', 'cut-over'],
    words: /There is no way back from .* but the flag/,
  },
  {
    name: 'migrations.recordRollback',
    input: { step: 'restart', evidence },
    open: [],
    words: /No way back is under way/,
  },
  {
    name: 'migrations.saveInventory',
    input: { inventory: {} },
    open: ['assessing'],
    words: /The assessment is over/,
  },
  {
    name: 'migrations.openPart',
    input: { part: 'jobs' },
    open: ['backfilling'],
    words: /Data is not being moved now/,
  },
  {
    name: 'migrations.steerPart',
    input: { part: 'jobs', to: 'paused', reason },
    open: ['backfilling'],
    words: /Data is not being moved now/,
  },
  {
    name: 'migrations.validate',
    input: {},
    open: ['backfilling', 'validating'],
    words: /while data is moved or validated/,
  },
  {
    name: 'migrations.approve',
    input: { gate: 'assessment', slot: 'manager', subject },
    open: ['assessing'],
    words: /This gate is not open now/,
  },
  {
    name: 'migrations.approve',
    input: { gate: 'validation', slot: 'manager', subject },
    open: ['validating'],
    words: /This gate is not open now/,
  },
  {
    name: 'migrations.approveCutover',
    input: { slot: 'manager', subject, comment: evidence },
    open: ['awaiting-cutover'],
    words: /This gate is not open now/,
  },
]

it.each(DEEDS)(
  'MG-STEP-03 $name is refused in words wherever it does not belong',
  async ({ name, input, open, words }) => {
    const { number, see } = await openedBy(crew, false)
    for (const state of STATES.filter((one) => !open.includes(one))) {
      await crew.app.db.migration.update({ where: { number }, data: { state } })
      const deed = crew.raj.does(name, { number, ...input } as CommandInput<CommandName>)
      await expect(deed, state).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(words),
      })
      expect(await see()).toMatchObject({ state, version: 1, flag: { percent: 0 } })
    }
  },
)

it('MG-STEP-03 no step is taken from an end, nor past a condition, nor from what somebody else has moved', async () => {
  const { number, see } = await openedBy(crew, false)
  const advance = (version: number) => crew.raj.does('migrations.advance', { number, version })
  await expect(advance(2)).rejects.toThrow('changed meanwhile')
  for (const state of STATES.filter((one) => one !== 'decommissioning' && one !== 'forward-fix')) {
    await crew.app.db.migration.update({ where: { number }, data: { state } })
    const isEnd = state === 'completed' || state === 'rolled-back'
    await expect(advance(1), state).rejects.toThrow(isEnd ? 'Nothing follows on' : /^Not yet: /)
    expect(await see()).toMatchObject({ state, version: 1, flag: { percent: 0 } })
  }
})
