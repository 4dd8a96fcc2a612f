import { describe, expect, test } from 'vitest'
import { createRounds, type Rounds } from './rounds'

type Door = { readonly pass: () => void; readonly fail: (error: Error) => void }

/** Each round waits at its door until the test opens it. */
function setup(): {
  readonly rounds: Rounds
  readonly doors: Door[]
  readonly told: unknown[]
  readonly most: () => number
} {
  const doors: Door[] = []
  const told: unknown[] = []
  let inside = 0
  let most = 0
  const rounds = createRounds(
    () => {
      inside += 1
      most = Math.max(most, inside)
      return new Promise<void>((resolve, reject) => {
        doors.push({ pass: resolve, fail: reject })
      }).finally(() => {
        inside -= 1
      })
    },
    (error) => told.push(error),
  )
  return { rounds, doors, told, most: () => most }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !holds(); turn += 1) await Promise.resolve()
  expect(holds()).toBe(true)
}

describe('rounds', () => {
  test('however often it is asked meanwhile, one more round follows and none runs beside another', async () => {
    const { rounds, doors, most } = setup()
    const all = [rounds.ask(), rounds.ask(), rounds.ask()]
    expect(doors).toHaveLength(1)
    doors[0]?.pass()
    await until(() => doors.length === 2)
    doors[1]?.pass()
    await Promise.all(all)
    expect(doors).toHaveLength(2)
    expect(most()).toBe(1)
  })

  test('what is asked in any turn around the end of a round is done', async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const { rounds, doors } = setup()
      void rounds.ask()
      doors[0]?.pass()
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      void rounds.ask()
      await until(() => doors.length === 2)
    }
  })

  test('a tick during a round asks for nothing, and one after it begins the next', async () => {
    const { rounds, doors } = setup()
    const first = rounds.ask()
    rounds.tick()
    doors[0]?.pass()
    await first
    expect(doors).toHaveLength(1)
    rounds.tick()
    expect(doors).toHaveLength(2)
  })

  test('an error is told, and the round that was asked for meanwhile still comes', async () => {
    const { rounds, doors, told } = setup()
    const all = [rounds.ask(), rounds.ask()]
    const error = new Error('away')
    doors[0]?.fail(error)
    await until(() => doors.length === 2)
    doors[1]?.pass()
    await Promise.all(all)
    expect(told).toEqual([error])
  })

  test('work that throws at once does not end the rounds', async () => {
    const told: unknown[] = []
    const rounds = createRounds(
      () => {
        throw new Error('at once')
      },
      (error) => told.push(error),
    )
    await rounds.ask()
    await rounds.ask()
    expect(told).toHaveLength(2)
  })

  test('stop waits for the round under way, and nothing begins after it', async () => {
    const { rounds, doors } = setup()
    void rounds.ask()
    void rounds.ask()
    let isStopped = false
    const stopped = rounds.stop().then(() => {
      isStopped = true
    })
    await Promise.resolve()
    expect(isStopped).toBe(false)
    doors[0]?.pass()
    await stopped
    await rounds.ask()
    rounds.tick()
    expect(doors).toHaveLength(1)
  })
})
