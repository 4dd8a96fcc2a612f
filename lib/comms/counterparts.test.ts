import { expect, test } from 'vitest'
import { lackingOf, type Mapped } from './counterparts'

const API = { id: 'a1', name: 'API' }
const TRAINING = { id: 't1', name: 'Training' }

function page(changes: Partial<Mapped> = {}): Mapped {
  return {
    id: 'statuspage',
    name: 'Hosted page',
    kind: 'statuspage',
    audiences: ['public'],
    componentMap: {},
    ...changes,
  }
}

test.each([
  ['nothing is mapped', page(), ['API', 'Training']],
  ['one is mapped by its id', page({ componentMap: { a1: 'x' } }), ['Training']],
  ['one is mapped by its name, as from the environment', page({ componentMap: { Training: 'x' } }), ['API']],
])('a hosted page lacks what nobody has named there: %s', (_what, channel, lacks) => {
  expect(lackingOf([API, TRAINING], [channel])).toEqual([{ id: 'statuspage', name: 'Hosted page', lacks }])
})

test.each([
  ['every component is mapped', page({ componentMap: { a1: 'x', Training: 'y' } })],
  ['it is another kind of channel', page({ kind: 'webhook' })],
  ['it does not tell customers', page({ audiences: ['internal'] })],
])('nothing is said where %s', (_what, channel) => {
  expect(lackingOf([API, TRAINING], [channel])).toEqual([])
})
