import { describe, expect, it } from 'vitest'
import { piecesOf, tagsSchema, wordsAsked } from './model'
import { alikeOf, type Traits, wordOf } from './similar'

function traits(changes: Partial<Traits> = {}): Traits {
  return { leaves: [], components: [], hosts: [], words: [], ...changes }
}

describe('similar incidents', () => {
  it('L-SIM-1: each reason names what is shared, and who shares nothing is left out', () => {
    const subject = traits({ leaves: ['card-gone'], components: ['api', 'batch'], hosts: ['41'] })
    const same = traits({ leaves: ['card-gone', 'x'], components: ['batch'], hosts: ['41'] })
    expect(alikeOf(subject, [same, traits({ leaves: ['y'] })], 5)).toEqual([
      {
        candidate: same,
        score: 6.5,
        reasons: [
          { kind: 'leaf', shared: ['card-gone'] },
          { kind: 'component', shared: ['batch'] },
          { kind: 'host', shared: ['41'] },
        ],
      },
    ])
  })

  it('L-SIM-2: diagnosis before component before host; one shared word is chance', () => {
    const subject = traits({
      leaves: ['a'],
      components: ['c'],
      hosts: ['h'],
      words: ['queue', 'poller', 'stall'],
    })
    const order = [
      traits({ leaves: ['a'] }),
      traits({ components: ['c'] }),
      traits({ hosts: ['h'] }),
      traits({ words: ['queue', 'other', 'thing'] }),
    ]
    const found = alikeOf(subject, order.toReversed(), 5).map(({ candidate }) => candidate)
    expect(found).toEqual(order.slice(0, 3))
  })

  it('L-SIM-2: words weigh by the part that is shared', () => {
    const subject = traits({ words: ['queue', 'poller', 'stall', 'gpu'] })
    const [near, far] = alikeOf(
      subject,
      [
        traits({ words: ['queue', 'poller', 'aaa', 'aab', 'aac', 'aad', 'aae', 'aaf', 'aag'] }),
        traits({ words: ['queue', 'poller', 'stall', 'bbb'] }),
      ],
      5,
    )
    expect(near?.reasons).toEqual([{ kind: 'words', shared: ['poller', 'queue', 'stall'], percent: 75 }])
    expect(far?.reasons).toEqual([{ kind: 'words', shared: ['poller', 'queue'], percent: 33 }])
  })

  it('L-SIM-3: a date is no likeness', () => {
    const dated = traits({ words: ['2026', 'oct', '12', 'minut', 'gpu'] })
    expect(alikeOf(dated, [dated], 5)).toEqual([])
  })

  it('L-SIM-3: a word that most candidates hold tells nothing', () => {
    const crowd = Array.from({ length: 8 }, (_, n) => traits({ words: ['incid', 'servic', `own${n}`] }))
    expect(alikeOf(traits({ words: ['incid', 'servic', 'rare'] }), crowd, 5)).toEqual([])
  })
})

it.each([
  ['outag', 'Provider outages', 'outages'],
  ['queri', 'Slow queries, slow query', 'query'],
  ['poller', 'no such', 'poller'],
])('the stem %s is shown as a word of %j', (stem, text, word) => {
  expect(wordOf(stem, text)).toBe(word)
})

describe('what is typed', () => {
  it.each([
    ['queue sta', { whole: 'queue sta', before: 'queue', begun: 'sta' }],
    ['sta', { whole: 'sta', before: '', begun: 'sta' }],
    ['"no poller', { whole: '"no poller', before: '"no poller', begun: '' }],
    ['queue ', { whole: 'queue ', before: 'queue ', begun: '' }],
    ['queue -gpu', { whole: 'queue -gpu', before: 'queue -gpu', begun: '' }],
    ['a', { whole: 'a', before: 'a', begun: '' }],
  ])('L-SEA-1: %j', (text, asked) => {
    expect(wordsAsked(text)).toEqual(asked)
  })

  it('L-SEA-3: a snippet is cut at its marks, and a broken one loses no text', () => {
    expect(piecesOf('the \u0001queue\u0002 stood')).toEqual([
      { text: 'the ', isHit: false },
      { text: 'queue', isHit: true },
      { text: ' stood', isHit: false },
    ])
    expect(
      piecesOf('\u0001cut')
        .map(({ text }) => text)
        .join(''),
    ).toBe('cut')
    expect(piecesOf('')).toEqual([])
  })

  it.each([
    [
      ['GPU Fault', 'gpu_fault', ' eu '],
      ['gpu-fault', 'eu'],
    ],
    [[''], []],
  ])('L-TAG-1: %j is kept as %j', (typed, kept) => {
    expect(tagsSchema.parse(typed)).toEqual(kept)
  })

  it.each([[['-x-']], [['ä']], [['x']], [Array.from({ length: 13 }, (_, n) => `tag-${n}`)]])(
    'L-TAG-1: %j is refused',
    (typed) => {
      expect(tagsSchema.safeParse(typed).success).toBe(false)
    },
  )
})
