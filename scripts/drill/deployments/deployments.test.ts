import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROLLOUT_POLICY } from '@/lib/rollouts/policy'
import { play } from './play'
import { STORIES } from './stories'

const policy = ROLLOUT_POLICY.parse(parse(readFileSync('runbooks/policy/rollouts.yaml', 'utf8')))

describe('scripted deployments', () => {
  it.each(STORIES.map((story) => [story.name, story] as const))('%s', (_name, story) => {
    const played = play(story, policy)
    expect(played.problems, JSON.stringify(played.decisions, null, 1)).toEqual([])
  })
})
