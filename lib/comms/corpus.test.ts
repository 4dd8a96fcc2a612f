import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { blocksOf, lint } from './lint'
import type { LintInput } from './lint-subject'
import { AUDIENCES, SEVERITIES, STATUSES, type Status } from './model'
import { messagesSchema } from './policy'
import { draftOf } from './render'
import { BAD_BLAMING, BAD_LEAKING, BAD_TEMPLATED, BAD_UNTRUE, SECRETS } from './testing/corpus-bad'
import { GOOD_INTERNAL, GOOD_PUBLIC } from './testing/corpus-good'
import { HEARD_BAD, HEARD_GOOD } from './testing/corpus-heard'
import { factsWith, lintInput, messageWith, RESOLVED, T0 } from './testing/examples'

type Labelled = {
  readonly says: string
  readonly isBad: boolean
  readonly rules: readonly string[]
  readonly input: LintInput
}

function good(says: string, input: LintInput): Labelled {
  return { says, isBad: false, rules: [], input }
}

const written: readonly Labelled[] = [
  ...[...GOOD_PUBLIC, ...GOOD_INTERNAL].map(([body, changes]) => good(body, lintInput({ ...changes, body }))),
  ...[...BAD_TEMPLATED, ...BAD_UNTRUE, ...BAD_BLAMING, ...BAD_LEAKING].map(
    ([rules, body, changes]): Labelled => ({
      says: body.slice(0, 80),
      isBad: true,
      rules,
      input: lintInput({ ...changes, body }),
    }),
  ),
]

const bare = (status: Status, body: string): LintInput => {
  const [next, isOver] = ['Next update by {{next_update}}.', status === 'resolved']
  const message = { status, components: [], title: 'Update', ...(isOver ? { nextUpdateAt: null } : {}) }
  return lintInput({
    body: isOver || body.includes('Next update') ? body : `${body} ${next}`,
    message,
    policy: { numbersNeedFacts: false },
  })
}

const heard: readonly Labelled[] = [
  ...HEARD_GOOD.map(([status, body]) => good(body, bare(status, body))),
  ...HEARD_BAD.map(
    ([status, rule, body]): Labelled => ({
      says: body,
      isBad: true,
      rules: [rule],
      input: bare(status, body),
    }),
  ),
]

const secrets: readonly Labelled[] = SECRETS.flatMap((secret) =>
  AUDIENCES.map((audience): Labelled => {
    const body = `Some training jobs fail. ${secret}\n\nNext update by {{next_update}}.`
    return { says: secret, isBad: true, rules: ['X01'], input: lintInput({ body, message: { audience } }) }
  }),
)

async function drafted(): Promise<readonly Labelled[]> {
  const files = ['public', 'internal', 'executive']
  const texts = await Promise.all(files.map((name) => readFile(`runbooks/messages/${name}.yaml`, 'utf8')))
  const templates = texts.flatMap((text) => messagesSchema.parse(parse(text)).templates)
  return AUDIENCES.flatMap((audience) =>
    SEVERITIES.flatMap((severity) =>
      STATUSES.flatMap((status) =>
        (['first', 'change', 'no-change'] as const).flatMap((occasion) => {
          const components = (status === 'resolved' ? RESOLVED.components : messageWith().components) ?? []
          const draft = draftOf({
            audience,
            kind: 'update',
            facts: factsWith(),
            incident: { severity, status },
            templates,
            components,
            now: T0,
            occasion,
          })
          return draft ? [good(`${draft.templateId} ${severity}`, lintInput({ message: draft.message }))] : []
        }),
      ),
    ),
  )
}

test('the corpus: nothing good is stopped, no secret passes, and nearly everything bad is found for its own reason', async () => {
  const corpus = [...written, ...heard, ...secrets, ...(await drafted())]
  expect(
    new Set(
      corpus.map(
        ({ input }) =>
          `${input.message.audience} ${input.message.severity} ${input.message.title} ${input.message.body}`,
      ),
    ).size,
  ).toBeGreaterThanOrEqual(200)
  const judged = corpus.map((it) => ({ ...it, blocks: blocksOf(lint(it.input)) }))
  const stopped = judged.filter(({ blocks }) => blocks.length > 0)
  const bad = judged.filter(({ isBad }) => isBad)
  const rightly = stopped.filter(({ isBad }) => isBad).length
  const forItsReason = bad.filter(({ blocks, rules }) =>
    blocks.some(({ rule }) => rules.includes(rule)),
  ).length
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`
  process.stdout.write(
    `corpus: ${corpus.length} messages (${written.length + heard.length} by hand), ${bad.length} bad; precision ${share(rightly, stopped.length)}, recall ${share(rightly, bad.length)}, for the labelled reason ${share(forItsReason, bad.length)}\n`,
  )
  expect(stopped.filter(({ isBad }) => !isBad).map(({ says, blocks }) => [says, blocks])).toEqual([])
  expect(
    bad
      .filter(({ rules, blocks }) => rules.includes('X01') && !blocks.some(({ rule }) => rule === 'X01'))
      .map(({ says }) => says),
  ).toEqual([])
  expect(
    bad
      .filter(({ blocks, rules }) => !blocks.some(({ rule }) => rules.includes(rule)))
      .map(({ says, rules }) => [says, rules]),
  ).toEqual([])
})
