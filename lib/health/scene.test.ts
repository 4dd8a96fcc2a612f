import { describe, expect, test } from 'vitest'
import type { RatedInstance } from './evaluate'
import type { Rating, Verdict } from './model'
import { gpuAt, instanceAt, t0 } from './rules/testing/observed'
import { createScene } from './scene'

const verdict = (rating: Rating, code: string): Verdict => ({ rating, code, reason: `${code} reason` })
const calm = verdict('clear', 'instance.serving')

function rated(instance: Verdict, gpu: Verdict): RatedInstance {
  return {
    instance: instanceAt(t0),
    verdict: instance,
    memory: {} as RatedInstance['memory'],
    gpus: [{ gpu: gpuAt(t0), verdict: gpu, memory: {} as RatedInstance['gpus'][number]['memory'] }],
  }
}

const CASES: readonly (readonly [string, Verdict, Verdict, boolean])[] = [
  ['clear that stays clear by another rule', verdict('clear', 'a'), verdict('clear', 'b'), false],
  ['unread that stays unread for another cause', verdict('unknown', 'a'), verdict('unknown', 'b'), false],
  ['old that stays old for another cause', verdict('stale', 'a'), verdict('stale', 'b'), false],
  ['trouble that becomes another trouble', verdict('breach', 'a'), verdict('breach', 'b'), true],
  ['a warning that becomes another warning', verdict('warning', 'a'), verdict('warning', 'b'), true],
  ['trouble that stays the same', verdict('warning', 'a'), verdict('warning', 'a'), false],
  ['a warning that becomes a breach by the same rule', verdict('warning', 'a'), verdict('breach', 'a'), true],
  ['recovery', verdict('breach', 'a'), verdict('clear', 'b'), true],
  ['falling silent', verdict('clear', 'a'), verdict('unknown', 'b'), true],
  ['coming to know that all is well', verdict('unknown', 'a'), verdict('clear', 'b'), false],
]

describe('what changed', () => {
  test.each(CASES)('%s, on a GPU', (_name, before, after, listed) => {
    const scene = createScene()
    const earlier = rated(calm, before)
    scene.noteInstance(earlier, undefined, t0)
    const found = scene.noteInstance(rated(calm, after), earlier, t0)
    expect(found.map(({ kind, before, after }) => ({ kind, before, after }))).toEqual(
      listed ? [{ kind: 'gpu', before: before.rating, after: after.rating }] : [],
    )
  })

  test.each(CASES)('%s, on an instance', (_name, before, after, listed) => {
    const scene = createScene()
    const earlier = rated(before, calm)
    const found = scene.noteInstance(rated(after, calm), earlier, t0)
    expect(found.map((event) => event.kind)).toEqual(listed ? ['instance'] : [])
  })

  test('a card that worsens by the same finding is news but no second strike', () => {
    const scene = createScene()
    const warned = rated(calm, verdict('warning', 'gpu.row-remap'))
    scene.noteInstance(warned, rated(calm, calm), t0)
    expect(scene.takeStrikes()).toHaveLength(1)
    expect(scene.noteInstance(rated(calm, verdict('breach', 'gpu.row-remap')), warned, t0)).toHaveLength(1)
    expect(scene.takeStrikes()).toEqual([])
  })
})
