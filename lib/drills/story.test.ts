import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseStory, type Story, storyMs, truthAt } from './story'

const FILE = 'runbooks/scenarios/drills/hosts-lost-page-lies.yaml'

function read(text: string): Story {
  const parsed = parseStory(text, 'file.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

test('D-PLY-01 a shipped drill is read with what happens when, what is true then, and a world in which nothing happens', () => {
  const story = read(readFileSync(FILE, 'utf8'))
  expect(story.events.length).toBeGreaterThan(0)
  expect(story.events.every(({ event }) => event.at === '0s' && event.until === undefined)).toBe(true)
  expect(story.truth.find((one) => one.leaf === 'provider.status-lies')?.explainedBy).not.toBeUndefined()
  expect(story.calm).toMatchObject({ timeline: [], truth: [], speed: 1 })
  expect(story.lastMs).toBeGreaterThan(story.events[0]?.atMs ?? 0)
})

test.each([
  [1, 60_000, null, 0, 60_000],
  [10, 60_000, null, 0, 600_000],
  [10, 60_000, null, 20_000, 400_000],
  [10, 60_000, 30_000, 0, 300_000],
])(
  'D-PLY-02 at %d times, %d ms after the beginning (paused at %s, stood still %d ms) a story is at %d ms',
  (speed, nowMs, pausedAtMs, pausedMs, expected) => {
    expect(storyMs({ speed, loadedAtMs: 0, pausedAtMs, pausedMs }, nowMs)).toBe(expected)
  },
)

test('D-PLY-03 the speed shortens the waits between events, and not what a source needs to be sure', () => {
  const story = read(`id: two
title: Two
world: { queues: [{ name: q }] }
timeline:
  - { at: 2m, event: telemetry-lost }
  - { at: 10m, until: 12m, event: gpu-thermal }
truth:
  - { leaf: a.one, from: 2m, sufficientAt: 150s }
  - { leaf: b.two, from: 10m, until: 12m, sufficientAt: 15m }
`)
  expect(story.events[1]?.event).toMatchObject({ for: '120000ms', at: '0s' })
  const begun = [12_000, 60_000]
  expect(truthAt(story, { speed: 10, loadedAtMs: 0 }, begun)).toMatchObject([
    { leaf: 'a.one', fromAtMs: 12_000, sufficientAtMs: 42_000 },
    { leaf: 'b.two', fromAtMs: 60_000, sufficientAtMs: 360_000, untilAtMs: 180_000 },
  ])
})
